const tseslint = require("typescript-eslint");

const style = {
  "max-lines": ["error", 250],
  "max-len": ["error", { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  quotes: ["error", "double", { avoidEscape: true, allowTemplateLiterals: true }],
  semi: ["error", "always"],
  "no-empty": "error",
  eqeqeq: "error",
};

module.exports = tseslint.config(
  { ignores: ["**/node_modules/", "services/*/dist/", "images/", "coverage/", "clients/**/*.d.ts"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      ...style,
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/only-throw-error": "error",
      // Interfaces ask for promises where an implementation may have nothing to wait for.
      "@typescript-eslint/require-await": "off",
      // Providers are plain data: functions in objects without `this`.
      "@typescript-eslint/unbound-method": "off",
      // Properties of resources come as JSON of any shape, and are checked against schemas at run time.
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true, allowAny: true }],
    },
  },
  { files: ["**/*.js", "**/*.cjs"], rules: style },
);
