import type { PoolClient, QueryConfig } from "pg";
import { Type, type Static } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import { Text } from "../../shared/http/storable";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { DisplayName } from "../auth/schemas";

const OrNull = <Text extends ReturnType<typeof Type.String>>(text: Text) => Type.Union([text, Type.Null()]);

const Home = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
  },
  { additionalProperties: false },
);

/** What people may change of themselves. */
const editable = {
  display_name: DisplayName,
  experience: Type.Enum(["beginner", "intermediate", "advanced", "expert"]),
  home: Type.Union([Home, Type.Null()]),
  phone: OrNull(Text({ minLength: 1, maxLength: 40 })),
  licence_number: OrNull(Text({ minLength: 1, maxLength: 40 })),
  units: Type.Enum(["metric", "imperial"]),
  language: Type.String({ pattern: "^[a-z]{2,3}(-[A-Z]{2})?$" }),
};

const Profile = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    email: Type.String(),
    role: Type.Enum(["user", "admin"]),
    created_at: Type.String({ format: "date-time" }),
    ...editable,
  },
  { $id: "Profile" },
);
type Profile = Static<typeof Profile>;

const Changes = Type.Partial(Type.Object(editable), { additionalProperties: false, minProperties: 1 });
type Changes = Static<typeof Changes>;

/** `GET` and `PATCH /user/profile`: what a person tells of themselves. */
export function profileRoutes(server: Server, transactions: Transactions): void {
  server.addSchema(Profile);
  const config = { access: "user" } as const;
  const common = { tags: ["users"], response: { 200: Type.Ref("Profile#"), ...problems(404) } };

  const read = { ...common, summary: "Who asks, and what they tell of themselves" };
  server.get("/user/profile", { config, schema: read }, async (request) => {
    const person = personOf(request);
    return profileOf(await transactions.ask<ProfileRow>(person, originOf(request), profileOfPerson(person.id)));
  });

  const change = { ...common, summary: "Changes what is given, and nothing else", body: Changes };
  server.patch("/user/profile", { config, schema: change }, async (request) => {
    const person = personOf(request);
    return transactions.asIdentity(person, originOf(request), async (client) => {
      await changeProfile(client, person.id, request.body);
      const { rows } = await client.query<ProfileRow>(profileOfPerson(person.id));
      return profileOf(rows);
    });
  });
}

/** A place in GeoJSON, as it is kept. */
interface Point {
  type: "Point";
  coordinates: [longitude: number, latitude: number];
}

const pointOf = ({ longitude, latitude }: Static<typeof Home>): Point => ({
  type: "Point",
  coordinates: [longitude, latitude],
});

type ProfileRow = Omit<Profile, "home"> & { point: Point | null };

const profileOfPerson = (id: string): QueryConfig => ({
  name: "profile",
  text: `SELECT u.id, u.email, u.role, u.created_at, p.display_name, p.experience,
                platform.unseal_personal(p.home_sealed)::jsonb AS point,
                platform.unseal_personal(p.phone_sealed) AS phone,
                platform.unseal_personal(p.licence_number_sealed) AS licence_number,
                coalesce(s.units, 'metric') AS units, coalesce(s.language, 'en') AS language
           FROM auth.users AS u
           JOIN users.profiles AS p ON p.user_id = u.id
           LEFT JOIN users.preferences AS s ON s.user_id = u.id
          WHERE u.id = $1`,
  values: [id],
});

function profileOf([row]: readonly ProfileRow[]): Profile {
  if (!row) throw new Problem(404, "no-profile", { detail: "This account has no profile" });
  const { point, ...profile } = row;
  return { ...profile, home: point && { latitude: point.coordinates[1], longitude: point.coordinates[0] } };
}

/** What is absent stays; null takes away. */
async function changeProfile(client: PoolClient, id: string, changes: Changes): Promise<void> {
  const given = (field: keyof Changes) => Object.hasOwn(changes, field);
  const { display_name, experience, home, phone, licence_number, units, language } = changes;
  await client.query(
    `UPDATE users.profiles
        SET display_name = coalesce($2, display_name), experience = coalesce($3, experience),
            home_sealed = CASE WHEN $4 THEN platform.seal_personal($5) ELSE home_sealed END,
            phone_sealed = CASE WHEN $6 THEN platform.seal_personal($7) ELSE phone_sealed END,
            licence_number_sealed = CASE WHEN $8 THEN platform.seal_personal($9) ELSE licence_number_sealed END
      WHERE user_id = $1`,
    [
      ...[id, display_name, experience, given("home"), home && JSON.stringify(pointOf(home))],
      ...[given("phone"), phone, given("licence_number"), licence_number],
    ],
  );
  if (!given("units") && !given("language")) return;
  await client.query(
    `INSERT INTO users.preferences (user_id, units, language) VALUES ($1, coalesce($2, 'metric'), coalesce($3, 'en'))
     ON CONFLICT (user_id) DO UPDATE
        SET units = coalesce($2, preferences.units), language = coalesce($3, preferences.language)`,
    [id, units, language],
  );
}
