import js from "@eslint/js";
import globals from "globals";

const one = "The joined text (lab/__init__.py) knows a top-level name by its line.";

export default [
  js.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.worker, GIVEN: "readonly" },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-implicit-globals": "error",
      "no-redeclare": "off", // a file may have a name of the browser's; tsc sees the rest
      "no-shadow-restricted-names": "error",
      "no-var": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "Program > VariableDeclaration[declarations.length>1]", message: one },
        { selector: "Program > VariableDeclaration > VariableDeclarator > ObjectPattern", message: one },
        { selector: "Program > * > VariableDeclaration[declarations.length>1]", message: one },
        {
          selector: "CallExpression[callee.object.name='Object'][callee.property.name='assign']"
            + " > ThisExpression:first-child",
          message: "A class names its fields one by one.",
        },
      ],
    },
  },
];
