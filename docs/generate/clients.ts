import openapiTypescript, { astToString } from "openapi-typescript";

const head = "// Written by `make docs` from docs/openapi.\n";

/**
 * The types of the client for app teams, from the services' documents.
 *
 * @param documents what renderOpenApi returned
 */
export async function renderClients(documents: Record<string, string>): Promise<Record<string, string>> {
  const types = Object.entries(documents).map(async ([name, text]) => {
    const file = name.replace("openapi/", "../clients/typescript/").replace(".json", ".d.ts");
    return [file, head + astToString(await openapiTypescript(text))] as const;
  });
  return Object.fromEntries(await Promise.all(types));
}
