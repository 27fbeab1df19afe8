/** Folders whose tests need nothing that runs. */
export const withoutStack = ["unit", "components"];
/** Folders whose tests work on the stack. */
export const withStack = ["e2e", "faults", "security"];
/** Folders whose tests start what they need, from the stack's images; those that stand together run in turn. */
export const besideStack = [
  ["services"],
  ["integration/ops", "integration/database"],
  ["integration/provider", "integration/plugins"],
  ["integration/faults"],
  ["stacks"],
  ["integration/images", "integration/bootstrap", "integration/lint"],
];
