import { createRequire } from "node:module";

/** Registers tests with the runner that loaded the test file. */
export interface TestHost {
  register(test: HostedTest): void;
}

/** A test as both runners can have it. */
export interface HostedTest {
  readonly name: string;
  /** It is listed, and not run. */
  readonly ignore: boolean;
  readonly run: (steps: TestSteps) => Promise<void>;
}

/** The steps of a running test. */
export interface TestSteps {
  /** Runs a step; one that throws fails the whole test, and the next steps still come. */
  step(name: string, body: () => Promise<void>): Promise<void>;
  /** Lists a step that is not run. */
  skip(name: string): Promise<void>;
}

interface DenoSteps {
  step(definition: {
    readonly name: string;
    readonly ignore?: boolean;
    readonly sanitizeOps: boolean;
    readonly sanitizeResources: boolean;
    readonly fn: () => Promise<void>;
  }): Promise<boolean>;
}

interface DenoTest {
  test(definition: {
    readonly name: string;
    readonly ignore: boolean;
    readonly fn: (context: DenoSteps) => Promise<void>;
  }): void;
}

interface NodeSteps {
  test(
    name: string,
    options: { readonly skip: boolean },
    body: () => Promise<void>,
  ): Promise<void>;
}

interface NodeTest {
  test(
    name: string,
    options: { readonly skip: boolean },
    body: (context: NodeSteps) => Promise<void>,
  ): Promise<void>;
}

/** Deno's runner in Deno, and node:test elsewhere. */
export function testHost(): TestHost {
  const deno = (globalThis as { readonly Deno?: DenoTest }).Deno;
  if (deno !== undefined) return denoHost(deno);
  // Needed only here, and without waiting: what is registered late is not run.
  return nodeHost(createRequire(import.meta.url)("node:test") as NodeTest);
}

function denoHost(deno: DenoTest): TestHost {
  // The kernel lives from the first step to the last; that nothing is left is the test's to show.
  const lenient = { sanitizeOps: false, sanitizeResources: false };
  const nothing = () => Promise.resolve();
  return {
    register: ({ name, ignore, run }) =>
      deno.test({
        name,
        ignore,
        fn: (context) =>
          run({
            step: async (title, fn) => void await context.step({ name: title, ...lenient, fn }),
            skip: async (title) =>
              void await context.step({ name: title, ...lenient, ignore: true, fn: nothing }),
          }),
      }),
  };
}

function nodeHost({ test }: NodeTest): TestHost {
  return {
    register: ({ name, ignore, run }) =>
      void test(name, { skip: ignore }, (context) =>
        run({
          step: (title, body) => context.test(title, { skip: false }, body),
          skip: (title) => context.test(title, { skip: true }, () => Promise.resolve()),
        })),
  };
}
