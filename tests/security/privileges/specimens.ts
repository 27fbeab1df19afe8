import type { StackClients } from "../../support/stack-clients";
import { superuser, schemaOwner } from "../../../catalog/roles";
import { allSchemas } from "../../../catalog/schemas";

/**
 * One of every kind of object that there is, in a schema. But no range type: Postgres gives its functions to the first
 * superuser, whose new functions are closed to PUBLIC here, and so refuses to make one for anybody else.
 */
const create = (schema: string) => `
  CREATE TABLE ${schema}.specimen (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
  CREATE TABLE ${schema}.specimen_parts (at date) PARTITION BY RANGE (at);
  CREATE TABLE ${schema}.specimen_part PARTITION OF ${schema}.specimen_parts DEFAULT;
  CREATE VIEW ${schema}.specimen_view AS SELECT note FROM ${schema}.specimen;
  CREATE MATERIALIZED VIEW ${schema}.specimen_kept AS SELECT note FROM ${schema}.specimen;
  CREATE SEQUENCE ${schema}.specimen_numbers;
  CREATE FUNCTION ${schema}.specimen_function(n integer) RETURNS integer LANGUAGE sql RETURN n;
  CREATE PROCEDURE ${schema}.specimen_procedure() LANGUAGE sql AS 'SELECT 1';
  CREATE AGGREGATE ${schema}.specimen_sum(integer) (SFUNC = int4pl, STYPE = integer);
  CREATE TYPE ${schema}.specimen_enum AS ENUM ('one');
  CREATE TYPE ${schema}.specimen_pair AS (a integer, b integer);
  CREATE DOMAIN ${schema}.specimen_domain AS text;`;

/** Also of a run that was killed. */
const drop = (schema: string) => `
  DROP TABLE IF EXISTS ${schema}.specimen, ${schema}.specimen_parts CASCADE;
  DROP SEQUENCE IF EXISTS ${schema}.specimen_numbers;
  DROP FUNCTION IF EXISTS ${schema}.specimen_function;
  DROP PROCEDURE IF EXISTS ${schema}.specimen_procedure;
  DROP AGGREGATE IF EXISTS ${schema}.specimen_sum(integer);
  DROP TYPE IF EXISTS ${schema}.specimen_enum, ${schema}.specimen_pair CASCADE;
  DROP DOMAIN IF EXISTS ${schema}.specimen_domain;`;

async function asOwners(clients: StackClients, statements: (schema: string) => string): Promise<void> {
  for (const role of [schemaOwner, superuser] as const) {
    const own = Object.entries(allSchemas).filter(([, { owner }]) => owner === role);
    await clients.asRole(role, (client) => client.query(own.map(([schema]) => statements(schema)).join("\n")));
  }
}

/** Makes something to have privileges on, in every schema of the catalog, as its owner, with no grant of its own. */
export async function makeSpecimens(clients: StackClients): Promise<void> {
  await dropSpecimens(clients);
  await asOwners(clients, create);
}

export const dropSpecimens = (clients: StackClients): Promise<void> => asOwners(clients, drop);
