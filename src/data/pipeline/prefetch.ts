/** Something to come, with what it is for. */
export interface Fetched<P, X> {
  readonly plan: P;
  readonly x: X;
}

/**
 * Yields what is fetched for each plan, in their order, `depth` of them being fetched or waiting at
 * most besides the one handed out. What fails throws at its place: all before it come first.
 */
export async function* prefetch<P, X>(
  plans: Iterable<P>,
  { depth, fetch }: { readonly depth: number; readonly fetch: (plan: P) => Promise<X> },
): AsyncGenerator<Fetched<P, X>, void> {
  const ahead: { readonly plan: P; readonly x: Promise<X> }[] = [];
  const iterator = plans[Symbol.iterator]();
  const more = () => {
    for (let next; ahead.length < depth && !(next = iterator.next()).done;) {
      const x = fetch(next.value);
      // It may fail before its turn.
      x.catch(() => {});
      ahead.push({ plan: next.value, x });
    }
  };
  try {
    for (more(); ahead.length > 0;) {
      const { plan, x } = ahead[0];
      const fetched = await x;
      ahead.shift();
      more();
      yield { plan, x: fetched };
    }
  } finally {
    iterator.return?.();
  }
}
