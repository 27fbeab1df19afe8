import type { Database } from "../../shared/stores/database";
import type { ObjectStore } from "../../shared/stores/object-store";
import type { Job } from "../queue/job";

/** Objects in one request, as S3 takes them. */
const most = 1000;

/** Deletes the objects whose rows are gone; an object that is gone already is deleted as well. */
export const removeObjects = (database: Database, media: ObjectStore): Job => ({
  limitSeconds: 300,
  async run({ step }) {
    const rows = await database.query<{ object_key: string }>({
      text: "SELECT object_key FROM content.removed_objects ORDER BY removed_at LIMIT $1",
      values: [most],
    });
    const keys = rows.map(({ object_key }) => object_key);
    await step(
      "remove",
      async () => {
        const failures = keys.length > 0 ? await media.client.removeObjects(media.bucket, keys) : [];
        if (failures.length > 0) throw new Error(`${failures.length} of ${keys.length} objects were not deleted`);
      },
      () => keys.length,
    );
    return {
      effect: (client) => client.query("DELETE FROM content.removed_objects WHERE object_key = ANY ($1)", [keys]),
    };
  },
});
