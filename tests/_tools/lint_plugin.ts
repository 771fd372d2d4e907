// The house rules that a reader would otherwise have to remember: a room imports only from lower
// floors or itself, and each npm package has one home.
import { homeFault, roomFault } from "./rooms.ts";

function check(context: Deno.lint.RuleContext, node: Deno.lint.Node, specifier: string) {
  const fault = roomFault(context.filename, specifier) ?? homeFault(context.filename, specifier);
  if (fault !== undefined) context.report({ node, message: fault.message, hint: fault.hint });
}

const rule: Deno.lint.Rule = {
  create: (context) => ({
    ImportDeclaration: (node) => check(context, node, node.source.value),
    ExportNamedDeclaration: (node) => {
      if (node.source) check(context, node, node.source.value);
    },
    ExportAllDeclaration: (node) => check(context, node, node.source.value),
    ImportExpression: (node) => {
      if (node.source.type === "Literal" && typeof node.source.value === "string") {
        check(context, node, node.source.value);
      }
    },
    ExportDefaultDeclaration: (node) => {
      if (context.filename.includes("/src/")) {
        context.report({ node, message: "Default export in src", hint: "Export it by name" });
      }
    },
  }),
};

// The plugin interface of the linter asks for a default export; this file is not part of src.
const plugin: Deno.lint.Plugin = { name: "house", rules: { "rooms": rule } };
export default plugin;
