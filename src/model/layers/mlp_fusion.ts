import { hash32 } from "../../_internal/hash32.ts";
import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import type { BatchRows } from "./batch_rows.ts";
import { fusionClass, type FusionConfig, type Votes } from "./fusion.ts";
import { gelu } from "./gelu.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";
import { expectedCost, neighbourhoods } from "./ordinal.ts";
import { dropped } from "./seeded_dropout.ts";
import { normalize } from "./token_normalization.ts";

/** Configuration of {@linkcode mlpFusionClass}. */
export interface MlpFusionConfig extends FusionConfig {
  /** Widths of the hidden layers. @default {[256, 128]} */
  readonly hidden?: readonly number[];
  /** Share of hidden numbers dropped in training. @default {0.2} */
  readonly dropout?: number;
  /** Seed of the initial weights. @default {0} */
  readonly seed?: number;
}

/** Units of the small network that moves the threshold of a class. */
const THRESHOLD_UNITS = 32;
/** The most that the distance between grades may cost. */
const HIGHEST_COST = 1.5;
/** Layer normalisation adds this to the variance. */
const EPSILON = 1e-5;
/** Learned scales and where they start; each is read through a sigmoid or a softplus. */
const SCALES = { correction: 0.15, growth: 0.7, cost: 0.1, threshold: 0.1 } as const;

/** What is computed once of a batch. */
interface View extends Votes {
  /** `[batch, heads · (classes + 2)]`, normalised. */
  readonly features: Tensor2D;
  /** Mean probabilities of the voting heads, `[batch, classes]`. */
  readonly mean: Tensor2D;
  /** Mean of the voting heads' highest probabilities, `[batch, 1]`. */
  readonly peak: Tensor;
}

/**
 * The fusion `"mlp"`, for grades in an order: a gate mixes the heads' logits, a network adds a
 * correction within ±σ, grades far from what the heads expect pay, and each class has a threshold
 * that moves with the probabilities of its neighbours.
 *
 * Its features are each head's logits, highest probability and uncertainty (entropy / ln K) for one
 * sample. A masked head's are zeros, whatever it says; nothing depends on other samples. Before it
 * has been trained it answers the mean of the voting heads less the cost of distance.
 */
export function mlpFusionClass(tf: Tf): LayerConstructor<MlpFusionConfig> {
  return class MlpFusion extends fusionClass(tf) {
    static className = "MlpFusion";
    readonly fusion = "mlp";
    maskKey = "";
    maskRows: BatchRows | null = null;
    readonly #hidden: readonly number[];
    readonly #dropout: number;
    readonly #seed: number;
    readonly #own = new Map<string, ReturnType<Layer["addWeight"]>>();
    #calls = 0;

    constructor({ hidden = [256, 128], dropout = 0.2, seed = 0, ...config }: MlpFusionConfig) {
      super(config);
      this.#hidden = hidden;
      this.#dropout = dropout;
      this.#seed = seed;
    }

    override build(shapes: number[] | number[][]): void {
      const classes = (Array.isArray(shapes[0]) ? shapes[0] : shapes as number[]).at(-1)!;
      let width = this.heads.length * (classes + 2);
      this.#addNorm("features", width);
      this.#addDense("gate", [width, this.heads.length], "zeros");
      this.#hidden.forEach((units, i) => {
        this.#addDense(`hidden${i + 1}`, [width, units]);
        this.#addNorm(`hidden${i + 1}`, units);
        width = units;
      });
      this.#addDense("correction", [width, classes], "zeros");
      this.#addDense("threshold1", [3, THRESHOLD_UNITS]);
      this.#addDense("threshold2", [THRESHOLD_UNITS, 1], "zeros");
      for (const [name, value] of Object.entries(SCALES)) {
        this.#add(`${name}_scale`, [1], tf.initializers.constant({ value }));
      }
      this.built = true;
    }

    override weigh(votes: Votes): Tensor2D {
      return this.#gate(this.#view(votes));
    }

    override fuse(votes: Votes, training: boolean): Tensor {
      const view = this.#view(votes);
      const gate = this.#gate(view);
      const mixed = tf.addN(
        view.logits.map((logits, i) => logits.mul(gate.slice([0, i], [-1, 1]))),
      );
      return mixed.add(this.#correction(view, training)).sub(this.#cost(view))
        .add(this.#thresholds(view));
    }

    #view(votes: Votes): View {
      const { voting, logits } = votes;
      const [batch, classes] = logits[0].shape;
      const logProbabilities = logits.map((logits) => tf.logSoftmax(logits));
      const probabilities = logProbabilities.map((x) => tf.exp(x));
      const peaks = probabilities.map((p) => p.max(1, true));
      const doubts = probabilities.map((p, i) =>
        p.mul(logProbabilities[i]).sum(1, true).div(-Math.log(classes))
      );
      // In the place of a masked head stand zeros of our own: 0 times its NaN would be NaN.
      const place = (values: readonly Tensor[], width: number) =>
        this.heads.map((_, head) => {
          const at = voting.indexOf(head);
          return at === -1 ? tf.zeros([batch, width]) : values[at];
        });
      const raw = tf.concat(
        [...place(logits, classes), ...place(peaks, 1), ...place(doubts, 1)] as Tensor2D[],
        1,
      );
      return {
        voting,
        logits,
        features: this.#norm("features", raw) as Tensor2D,
        mean: tf.addN(probabilities).div(voting.length),
        peak: tf.addN(peaks).div(voting.length),
      };
    }

    #gate({ voting, features }: View): Tensor2D {
      const scores = this.#dense("gate", features);
      const columns = voting.map((head) => scores.slice([0, head], [-1, 1]) as Tensor2D);
      return tf.softmax(tf.concat(columns, 1));
    }

    #correction({ features }: View, training: boolean): Tensor {
      // Without a key from a loop (the user's own fit) masks still differ from call to call.
      const key = this.maskKey === "" && training ? `${this.#calls++}` : this.maskKey;
      let x: Tensor2D = features;
      this.#hidden.forEach((_, i) => {
        const name = `hidden${i + 1}`;
        x = this.#norm(name, gelu(tf, this.#dense(name, x))) as Tensor2D;
        const seed = hash32(`${this.name}/${name}/${key}`);
        const how = { rate: this.#dropout, seed, rows: this.maskRows };
        if (training) x = dropped(tf, x, how) as Tensor2D;
      });
      return tf.tanh(this.#dense("correction", x)).mul(tf.sigmoid(this.#scale("correction")));
    }

    #cost({ mean, peak }: View): Tensor {
      const growth = tf.softplus(this.#scale("growth"));
      const cost = expectedCost(tf, mean, growth).clipByValue(0, HIGHEST_COST);
      return cost.mul(peak).mul(tf.softplus(this.#scale("cost")));
    }

    #thresholds({ mean }: View): Tensor {
      const { triples, beside } = neighbourhoods(tf, mean);
      const hidden = gelu(tf, this.#dense("threshold1", triples)) as Tensor2D;
      const offset = this.#dense("threshold2", hidden).reshape(mean.shape);
      return offset.mul(beside.mul(0.75).add(0.25)).mul(tf.sigmoid(this.#scale("threshold")));
    }

    #scale(name: keyof typeof SCALES): Tensor {
      return this.#own.get(`${name}_scale`)!.read();
    }

    #dense(name: string, x: Tensor2D): Tensor2D {
      const [kernel, bias] = ["kernel", "bias"].map((part) => this.#own.get(`${name}_${part}`)!);
      return x.matMul(kernel.read()).add(bias.read());
    }

    #norm(name: string, x: Tensor): Tensor {
      const [gamma, beta] = ["gamma", "beta"].map((part) => this.#own.get(`${name}_${part}`)!);
      return normalize(tf, [x, gamma.read(), beta.read()], EPSILON);
    }

    #addDense(name: string, shape: number[], start: "glorot" | "zeros" = "glorot"): void {
      const { zeros, glorotUniform } = tf.initializers;
      const seed = hash32(`${this.#seed}/${name}`);
      this.#add(`${name}_kernel`, shape, start === "zeros" ? zeros() : glorotUniform({ seed }));
      this.#add(`${name}_bias`, [shape[1]], zeros());
    }

    #addNorm(name: string, width: number): void {
      this.#add(`${name}_gamma`, [width], tf.initializers.ones());
      this.#add(`${name}_beta`, [width], tf.initializers.zeros());
    }

    #add(name: string, shape: number[], initializer: Parameters<Layer["addWeight"]>[3]): void {
      this.#own.set(name, this.addWeight(name, shape, "float32", initializer));
    }

    override getConfig() {
      return {
        ...super.getConfig(),
        hidden: [...this.#hidden],
        dropout: this.#dropout,
        seed: this.#seed,
      };
    }
  } as unknown as LayerConstructor<MlpFusionConfig>;
}
