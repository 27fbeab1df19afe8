import { showQuery } from "./query";

showQuery("slow-queries", "slow-statements.sql", "EXPLAIN (ANALYZE, BUFFERS) of a statement, with values of your own");
