/** Data flows one way, lib <- catalog <- config <- components <- index.ts: nothing may import what comes after it. */
const layers = ["lib", "catalog", "config", "components"];

const direction = layers.map((layer, i) => ({
  name: `${layer}-imports-what-comes-after-it`,
  severity: "error",
  from: { path: `^${layer}/` },
  to: { path: `^(${[...layers.slice(i + 1), "index\\.ts$"].join("|")})` },
}));

const pulumi = "node_modules/@pulumi/";

module.exports = {
  forbidden: [
    ...direction,
    {
      name: "components-never-read-config",
      comment: "They take arguments; the type of a config value is not its reading.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^config/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "lib-and-catalog-import-no-pulumi",
      severity: "error",
      from: { path: "^(lib|catalog)/" },
      to: { path: pulumi },
    },
    {
      name: "services-and-sql-know-nothing-of-the-deployment",
      severity: "error",
      from: { path: "^(services|sql)/" },
      to: { path: `${pulumi}|^(catalog|config|components|provider|toolchain|ops)/|^(index|outputs)\\.ts$` },
    },
    {
      name: "ops-knows-only-stack-outputs",
      severity: "error",
      from: { path: "^ops/" },
      to: { path: "^(config|components|provider|toolchain|services)/|^index\\.ts$" },
    },
    {
      name: "models-are-trained-by-themselves",
      severity: "error",
      from: { path: "^models/" },
      to: { path: "^(?!models/|lib/|node_modules/)", dependencyTypesNot: ["core"] },
    },
    {
      name: "the-provider-frame-serves-any-provider",
      severity: "error",
      from: { path: "^provider/frame/" },
      to: { path: "^(?!provider/frame/|node_modules/)", dependencyTypesNot: ["core"] },
    },
    {
      name: "the-program-does-not-need-its-toolchain",
      severity: "error",
      from: { path: "^(lib|catalog|config|components|provider|services|index\\.ts$)" },
      to: { path: "^(toolchain|tests|docs)/" },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-missing-files", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "what-runs-needs-no-test-packages",
      severity: "error",
      from: { path: "^(lib|catalog|config|components|provider|services|index\\.ts$)" },
      to: { dependencyTypes: ["npm-dev"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "types"] },
  },
};
