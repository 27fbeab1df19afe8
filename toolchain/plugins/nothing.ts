// What is bundled in the place of a module that is required and never used.
export {};
