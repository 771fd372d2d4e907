/** Keys that Deno 2.9 reads at the top of deno.json; others it passes over in silence. */
export const DENO_KEYS: readonly string[] = [
  ...["$schema", "name", "version", "description", "license", "exports", "publish"],
  ...["imports", "scopes", "importMap", "links", "patch", "workspace", "catalog", "catalogs"],
  ...["compilerOptions", "lint", "fmt", "test", "bench", "coverage", "tasks", "exclude"],
  ...["lock", "nodeModulesDir", "nodeModulesLinker", "jsrDepsInNodeModules", "preferPackageJson"],
  ...["vendor", "unstable", "permissions", "allowScripts", "minimumDependencyAge", "compile"],
  ...["deploy", "desktop", "serve", "members"],
];
