import assert from "node:assert/strict";
import { cosineLearningRate } from "../../src/training/learning_rate.ts";
import {
  LearningRatePolicy,
  type LearningRatePolicyOptions,
} from "../../src/training/learning_rate_policy.ts";

const BASE = { peak: 0.1, epochs: 6, stepsPerEpoch: 5 };

/** The rate at the first step of each epoch; `plateau` is told the values in between. */
function rates(
  options: Partial<LearningRatePolicyOptions>,
  values: readonly (number | null)[] = [],
): number[] {
  const policy = new LearningRatePolicy({ ...BASE, ...options });
  return Array.from({ length: BASE.epochs }, (_, epoch) => {
    const rate = policy.at(epoch * BASE.stepsPerEpoch);
    policy.observe(values[epoch] ?? null, epoch + 1);
    return rate;
  });
}

function assertNear(found: readonly number[], wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  found.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]) < 1e-12, `${found}, not ${wanted}`));
}

Deno.test("cosine is the default, and bit for bit cosineLearningRate()", () => {
  for (const peak of [1e-4, 0.1, 3e-3, 1e-2]) {
    for (const warmupSteps of [0, 3, 6, 2.5]) {
      const policy = new LearningRatePolicy({ ...BASE, peak, warmupSteps });
      for (let step = 0; step <= 35; step++) {
        const wanted = cosineLearningRate(step, { peak, total: 30, warmup: warmupSteps });
        assert.equal(policy.at(step), wanted);
      }
    }
  }
});

Deno.test("cosineLearningRate() at the points that one knows", () => {
  const at = (step: number) => cosineLearningRate(step, { peak: 2, total: 20, warmup: 4 });
  assertNear([at(0), at(1), at(3), at(4), at(12), at(20), at(25)], [0.5, 1, 2, 2, 1, 0, 0]);
});

Deno.test("cosine with a minimum ends there", () => {
  const policy = new LearningRatePolicy({ ...BASE, minimum: 0.02 });
  assertNear([policy.at(0), policy.at(15), policy.at(30)], [0.1, 0.06, 0.02]);
});

Deno.test("constant stays, step falls every so many epochs and not below its minimum", () => {
  assertNear(rates({ policy: "constant" }), [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
  assertNear(rates({ policy: "step", every: 2 }), [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]);
  assertNear(rates({ policy: "step", factor: 0.1, minimum: 0.005 }), [
    0.1,
    0.01,
    0.005,
    0.005,
    0.005,
    0.005,
  ]);
});

Deno.test("warm-up is linear for each policy", () => {
  for (const policy of ["cosine", "constant", "step", "plateau"] as const) {
    const { at } = {
      at: (step: number) => new LearningRatePolicy({ ...BASE, policy, warmupSteps: 4 }).at(step),
    };
    assertNear([at(0), at(1), at(2), at(3), at(4)], [0.025, 0.05, 0.075, 0.1, 0.1]);
  }
});

Deno.test("plateau falls after patience epochs without improvement, in the direction of its metric", () => {
  const policy = "plateau";
  assertNear(rates({ policy }, [0.1, 0.2, 0.2, 0.1, 0.3]), [0.1, 0.1, 0.1, 0.1, 0.05, 0.05]);
  assertNear(rates({ policy, mode: "min" }, [3, 2, 1, 0.5, 0.4]), [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
  assertNear(rates({ policy, patience: 1 }, [1, 1, 1, 1, 1]), [
    0.1,
    0.1,
    0.05,
    0.025,
    0.0125,
    0.00625,
  ]);
  assertNear(rates({ policy, patience: 1, minimum: 0.03 }, [1, 1, 1, 1]), [
    0.1,
    0.1,
    0.05,
    0.03,
    0.03,
    0.03,
  ]);
  assertNear(rates({ policy }, [1, NaN, null, NaN, null]), [0.1, 0.1, 0.1, 0.05, 0.05, 0.025]);
});

Deno.test("plateau does not count the epochs of the warm-up", () => {
  const options = { policy: "plateau", patience: 1, warmupSteps: 10 } as const;
  assertNear(rates(options, [1, 1, 1, 1, 1]).slice(2), [0.1, 0.05, 0.025, 0.0125]);
});

Deno.test("plateau goes on from its state, at any epoch", () => {
  const values = [0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1];
  const make = () => new LearningRatePolicy({ ...BASE, policy: "plateau" });
  const whole = make();
  values.forEach((value, i) => whole.observe(value, i + 1));
  assert.ok(whole.state().reductions > 1);
  for (let cut = 0; cut <= values.length; cut++) {
    const [first, second] = [make(), make()];
    values.slice(0, cut).forEach((value, i) => first.observe(value, i + 1));
    second.restore(JSON.parse(JSON.stringify(first.state())));
    values.slice(cut).forEach((value, i) => second.observe(value, cut + i + 1));
    assert.deepEqual(second.state(), whole.state());
    assert.equal(second.at(20), whole.at(20));
  }
});

Deno.test("LearningRatePolicy: one policy at a time, an option of another is an error", () => {
  const make = (options: object) => () => new LearningRatePolicy({ ...BASE, ...options } as never);
  assert.throws(make({ factor: 0.5 }), /learning rate policy "cosine": unknown option "factor"/);
  assert.throws(make({ policy: "step", patience: 2 }), /unknown option "patience"/);
  assert.throws(make({ policy: "plateau", every: 2 }), /unknown option "every"/);
  assert.throws(make({ policy: "constant", minimum: 0 }), /unknown option "minimum"/);
  assert.throws(make({ policy: "platau" }), /Did you mean "plateau"/);
  make({ factor: undefined, every: undefined })();
});

Deno.test("LearningRatePolicy refuses numbers that make no sense", () => {
  const make = (options: object) => () => new LearningRatePolicy({ ...BASE, ...options } as never);
  assert.throws(make({ peak: NaN }), /peak must be above 0/);
  assert.throws(make({ minimum: 0.2 }), /minimum must be at least 0 and at most the peak/);
  assert.throws(make({ policy: "step", factor: 1 }), /factor/);
  assert.throws(make({ policy: "plateau", patience: 0 }), /patience/);
  assert.throws(make({ warmupSteps: -1 }), /warmupSteps/);
});
