import type { Property, Provider } from "./types";
import { isOutput } from "./values";

/** The provider's package schema: enough for `pulumi import` and `pulumi package get-schema`. */
export function schemaOf<Client>(provider: Provider<Client>): string {
  const resources = Object.entries(provider.resources).map(([token, { properties }]) => {
    const inputs = Object.entries(properties).filter(([, property]) => !isOutput(property));
    const requiredInputs = inputs.filter(([, property]) => property.required).map(([key]) => key);
    return [token, { properties: specs(Object.entries(properties)), inputProperties: specs(inputs), requiredInputs }];
  });
  return JSON.stringify({
    name: provider.name,
    version: provider.version,
    config: { variables: specs(Object.entries(provider.configuration)) },
    provider: { inputProperties: specs(Object.entries(provider.configuration)) },
    resources: Object.fromEntries(resources),
  });
}

function specs(properties: [string, Property][]): Record<string, object> {
  return Object.fromEntries(
    properties.map(([key, property]) => [key, { ...typeSpec(property), ...(property.secret && { secret: true }) }]),
  );
}

function typeSpec(property: Property | undefined): object {
  // Objects with fixed keys would each need a named type of their own.
  if (!property || property.properties) return { $ref: "pulumi.json#/Any" };
  if (property.type === "array") return { type: "array", items: typeSpec(property.items) };
  if (property.type === "object") return { type: "object", additionalProperties: typeSpec(property.items) };
  return { type: property.type };
}
