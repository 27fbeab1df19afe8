import { showQuery } from "./query";

showQuery("db-stats", "table-stats.sql", "make slow-queries");
