import { parseAcl } from "../../access/acl";
import { defaultDifferences } from "../../access/default-difference";
import type { Difference } from "../../access/difference";
import { grantDifferences, subjectOf } from "../../access/grant-difference";
import type { LiveGrants } from "../../access/live";
import type { AccessSpec } from "../../access/spec";
import { nameOf, type SchemaObject } from "../objects";

/** What a role may do with an object: `hma_app`, `SELECT`, `auth.users`. */
export interface Privilege {
  role: string;
  privilege: string;
  object: string;
}

/** An object that is not what it was; null where it was not, or is no more. */
export interface Changed {
  object: string;
  before: string | null;
  after: string | null;
}

export interface PrivilegeChanges {
  gained: Privilege[];
  lost: Privilege[];
}

/** Who gains and who loses what, but for owners: what they make is theirs. Default privileges count like any other. */
export function privilegeChanges(before: LiveGrants, after: LiveGrants): PrivilegeChanges {
  const [was, is] = [privileges(before), privileges(after)];
  return { gained: added(was, is), lost: added(is, was) };
}

function privileges({ grants }: LiveGrants): Privilege[] {
  return grants
    .filter(({ kind }) => kind !== "database")
    .flatMap((group) =>
      parseAcl(group.acl)
        .filter(({ grantee }) => grantee !== group.owner)
        .flatMap(({ grantee, privilege }) =>
          group.names.map((name) => ({ role: grantee, privilege, object: subjectOf(group, name) })),
        ),
    );
}

/** Which rows somebody sees may change where one of these does. A new table without row-level security has none. */
export function rowChanges(before: readonly SchemaObject[], after: readonly SchemaObject[]): Changed[] {
  const definitions = (objects: readonly SchemaObject[]) =>
    new Map(objects.filter(isAboutRows).map((one) => [nameOf(one), one.definition]));
  const [was, is] = [definitions(before), definitions(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((object) => ({ object, before: was.get(object) ?? null, after: is.get(object) ?? null }))
    .filter((one) => one.before !== one.after && !(one.before === null && one.after === unprotected));
}

/** As sql/queries/schema-objects.sql writes that it is neither enabled nor forced. */
const unprotected = "f f";

const isAboutRows = ({ kind }: SchemaObject) => kind === "row security" || kind === "policy";

/** What the catalog has to put right after that it has not before. */
export function accessChanges(spec: AccessSpec, before: LiveGrants, after: LiveGrants): PrivilegeChanges {
  const [first, then] = [before, after].map((live) => {
    const found = [...grantDifferences(spec, live), ...defaultDifferences(spec, live)];
    const repairable = found.filter(({ refusal }) => refusal === undefined);
    const of = (what: Difference["what"]) => repairable.filter((one) => one.what === what).map(privilegeOf);
    return { missing: of("missing"), extra: of("extra") };
  });
  return { gained: added(first!.missing, then!.missing), lost: added(first!.extra, then!.extra) };
}

function privilegeOf({ path: [, role, what] }: Difference): Privilege {
  const [, privilege, object] = /^(.+?) on (.+)$/.exec(what!)!;
  return { role: role!, privilege: privilege!, object: object! };
}

/** What the second list has and the first has not, by role and object. */
function added(one: readonly Privilege[], other: readonly Privilege[]): Privilege[] {
  const keyOf = ({ role, privilege, object }: Privilege) => JSON.stringify([role, object, privilege]);
  const placeOf = ({ role, object }: Privilege) => JSON.stringify([role, object]);
  const known = new Set(one.map(keyOf));
  const isNew = other.filter((privilege) => !known.has(keyOf(privilege)));
  return isNew.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}
