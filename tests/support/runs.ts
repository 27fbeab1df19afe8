/** Folders whose tests need nothing that runs. */
export const withoutStack = ["unit", "components"];
/** Folders whose tests work on the stack. */
export const withStack = ["e2e", "faults", "security"];
/**
 * Folders whose tests start what they need, from the stack's images; those that stand together run in turn. The longest
 * begin first, so that all end at about the same time.
 */
export const besideStack = [
  ["services"],
  ["integration/ops"],
  ["integration/provider"],
  ["stacks"],
  ["integration/images", "integration/lint"],
  ["integration/plugins", "integration/bootstrap"],
  ["integration/faults"],
  ["integration/database"],
];
