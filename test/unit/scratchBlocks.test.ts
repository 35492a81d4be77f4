import assert from 'node:assert/strict';
import { type Activation, activations } from '../../src/scratch/activations';
import { scaledDotProductAttention } from '../../src/scratch/attention';
import { decoderBlock } from '../../src/scratch/decoderBlock';
import { encoderBlock } from '../../src/scratch/encoderBlock';
import { errorFunction } from '../../src/scratch/errorFunction';
import { causalMask, paddingMask } from '../../src/scratch/masks';
import { mapElements } from '../../src/scratch/elementwise';
import { rowOf } from '../../src/scratch/matrix';
import { type AttentionWeights, multiHeadAttention } from '../../src/scratch/multiHeadAttention';
import { type Norm, normalize } from '../../src/scratch/normalization';
import type { NormPlacement } from '../../src/scratch/residual';
import {
  type Packed,
  type Parameters,
  assertClose,
  linearOf,
  matrixOf,
  numbersOf,
  readFixture,
  slicesOf,
  thirdOf,
} from '../fixtures/scratch/fixtures';

interface Attended {
  readonly output: Packed;
  readonly weights: Packed;
}

interface Block {
  readonly numHeads: number;
  readonly activation: Activation;
  readonly placement: NormPlacement;
  readonly weights: Parameters;
  readonly x: Packed;
  readonly isPadding: readonly boolean[];
  readonly output: Packed;
}

interface Blocks {
  readonly attention: Readonly<
    Record<'q' | 'k' | 'v' | 'scores' | 'weights' | 'output' | 'own' | 'causal', Packed>
  >;
  readonly multiHead: {
    readonly numHeads: number;
    readonly weights: Parameters;
    readonly x: Packed;
    readonly memory: Packed;
    readonly isPadding: readonly boolean[];
    readonly self: Attended;
    readonly cross: Attended;
  };
  readonly llama: {
    readonly numHeads: number;
    readonly numKeyHeads: number;
    readonly base: number;
    readonly epsilon: number;
    readonly weights: Parameters;
    readonly x: Packed;
    readonly attention: Attended;
    readonly output: Packed;
  };
  readonly activations: Readonly<Record<Activation | 'x', Packed>> & {
    readonly erf: readonly [number, number][];
  };
  readonly norms: { readonly x: Packed } & Readonly<
    Record<Norm['form'], { weights: Parameters; output: Packed }>
  >;
  readonly encoderBlocks: readonly (Block & { readonly padded: Packed })[];
  readonly decoderBlocks: readonly (Block & { readonly memory: Packed })[];
}

const fixture = readFixture<Blocks>('blocks');

/** Each block against PyTorch, with the same random weights, to 1e-5. */
describe('blocks from scratch', () => {
  it('scaled dot-product attention', () => {
    const { q, k, v, scores, weights, output, own, causal } = fixture.attention;
    const steps = scaledDotProductAttention(matrixOf(q), matrixOf(k), matrixOf(v));
    assertClose(steps.scores, matrixOf(scores));
    assertClose(steps.weights, matrixOf(weights));
    assertClose(steps.output, matrixOf(output));
    const masked = scaledDotProductAttention(matrixOf(q), matrixOf(own), matrixOf(own), {
      mask: causalMask(5),
    });
    assertClose(masked.output, matrixOf(causal));
  });

  it('multi-head attention, over the own text and over another with padding', () => {
    const { numHeads, weights, x, memory, isPadding, self, cross } = fixture.multiHead;
    const layer = attentionOf(weights, '', numHeads);
    const own = multiHeadAttention(layer, matrixOf(x), matrixOf(x), causalMask(5));
    assertClose(own.output, matrixOf(self.output));
    slicesOf(self.weights).forEach((each, head) => assertClose(own.heads[head]!.weights, each));
    const mask = paddingMask(
      5,
      isPadding.map((padding) => !padding),
    );
    const other = multiHeadAttention(layer, matrixOf(x), matrixOf(memory), mask);
    assertClose(other.output, matrixOf(cross.output));
    slicesOf(cross.weights).forEach((each, head) => assertClose(other.heads[head]!.weights, each));
  });

  it('activations, and the error function to twelve digits', () => {
    for (const name of ['relu', 'gelu', 'geluTanh', 'silu', 'tanh'] as const) {
      const found = mapElements(matrixOf(fixture.activations.x), activations[name]);
      assertClose(found, numbersOf(fixture.activations[name]), 2e-6, name);
    }
    for (const [x, erf] of fixture.activations.erf) {
      assert.ok(Math.abs(errorFunction(x) - erf) < 1e-12, String(x));
    }
  });

  it('layer norm and RMS norm', () => {
    const { x, layer, rms } = fixture.norms;
    const layerNorm = normOf(layer.weights, '', 'layer', 1e-5);
    assertClose(normalize(layerNorm, matrixOf(x)), matrixOf(layer.output));
    assertClose(normalize(normOf(rms.weights, '', 'rms', 1e-6), matrixOf(x)), matrixOf(rms.output));
  });

  it('encoder blocks, norms behind and in front', () => {
    assert.deepEqual(
      fixture.encoderBlocks.map(({ placement }) => placement),
      ['post', 'pre'],
    );
    for (const block of fixture.encoderBlocks) {
      const weights = {
        attention: attentionOf(block.weights, 'self_attn.', block.numHeads),
        attentionNorm: normOf(block.weights, 'norm1.', 'layer', 1e-5),
        ...feedForwardOf(block),
        feedForwardNorm: normOf(block.weights, 'norm2.', 'layer', 1e-5),
        placement: block.placement,
      };
      assertClose(encoderBlock(weights, matrixOf(block.x)).output, matrixOf(block.output));
      const mask = paddingMask(
        block.isPadding.length,
        block.isPadding.map((padding) => !padding),
      );
      assertClose(encoderBlock(weights, matrixOf(block.x), mask).output, matrixOf(block.padded));
    }
  });

  it('decoder blocks with masked and cross attention, norms behind and in front', () => {
    for (const block of fixture.decoderBlocks) {
      const weights = {
        selfAttention: attentionOf(block.weights, 'self_attn.', block.numHeads),
        selfAttentionNorm: normOf(block.weights, 'norm1.', 'layer', 1e-5),
        crossAttention: attentionOf(block.weights, 'multihead_attn.', block.numHeads),
        crossAttentionNorm: normOf(block.weights, 'norm2.', 'layer', 1e-5),
        ...feedForwardOf(block),
        feedForwardNorm: normOf(block.weights, 'norm3.', 'layer', 1e-5),
        placement: block.placement,
      };
      const x = matrixOf(block.x);
      const memoryMask = paddingMask(
        x.rows,
        block.isPadding.map((padding) => !padding),
      );
      const steps = decoderBlock(weights, x, { memory: matrixOf(block.memory), memoryMask });
      assertClose(steps.output, matrixOf(block.output));
      assert.throws(() => decoderBlock(weights, x), RangeError);
    }
  });

  it('a layer of Llama: RMS norms, rotary positions, shared key heads, a gated feed-forward', () => {
    const { weights, numHeads, numKeyHeads, base, epsilon, x, attention, output } = fixture.llama;
    const steps = decoderBlock(
      {
        selfAttention: {
          numHeads,
          numKeyHeads,
          rotary: { base, pairs: 'halves' },
          query: linearOf(weights, 'self_attn.q_proj'),
          key: linearOf(weights, 'self_attn.k_proj'),
          value: linearOf(weights, 'self_attn.v_proj'),
          output: linearOf(weights, 'self_attn.o_proj'),
        },
        selfAttentionNorm: normOf(weights, 'input_layernorm.', 'rms', epsilon),
        feedForward: {
          activation: 'silu',
          gate: linearOf(weights, 'mlp.gate_proj'),
          up: linearOf(weights, 'mlp.up_proj'),
          down: linearOf(weights, 'mlp.down_proj'),
        },
        feedForwardNorm: normOf(weights, 'post_attention_layernorm.', 'rms', epsilon),
        placement: 'pre',
      },
      matrixOf(x),
    );
    const { inner } = steps.selfAttention;
    assertClose(inner.output, matrixOf(attention.output));
    slicesOf(attention.weights).forEach((each, head) => assertClose(inner.heads[head]!.weights, each));
    assertClose(steps.output, matrixOf(output));
    // Heads 0 and 1 share keys and values.
    assert.deepEqual(inner.heads[0]!.k, inner.heads[1]!.k);
    assert.notDeepEqual(inner.heads[1]!.k, inner.heads[2]!.k);
  });

  it('linear biases in multi-head attention: none at the query itself, a loss before it', () => {
    const { numHeads, weights, x } = fixture.multiHead;
    const layer = { ...attentionOf(weights, '', numHeads), usesAlibi: true };
    const plain = multiHeadAttention(
      attentionOf(weights, '', numHeads),
      matrixOf(x),
      matrixOf(x),
      causalMask(5),
    );
    const biased = multiHeadAttention(layer, matrixOf(x), matrixOf(x), causalMask(5));
    biased.heads.forEach((head, at) => {
      assert.deepEqual(head.scaled, plain.heads[at]!.scaled);
      assert.equal(rowOf(head.masked, 4)[4], rowOf(head.scaled, 4)[4]);
      assert.ok(rowOf(head.masked, 4)[3]! < rowOf(head.scaled, 4)[3]!);
    });
  });
});

function attentionOf(weights: Parameters, prefix: string, numHeads: number): AttentionWeights {
  return {
    numHeads,
    query: thirdOf(weights, prefix, 0),
    key: thirdOf(weights, prefix, 1),
    value: thirdOf(weights, prefix, 2),
    output: linearOf(weights, `${prefix}out_proj`),
  };
}

function feedForwardOf({ weights, activation }: Block): {
  feedForward: { activation: Activation; up: ReturnType<typeof linearOf>; down: ReturnType<typeof linearOf> };
} {
  return {
    feedForward: { activation, up: linearOf(weights, 'linear1'), down: linearOf(weights, 'linear2') },
  };
}

function normOf(weights: Parameters, prefix: string, form: Norm['form'], epsilon: number): Norm {
  const shift = weights[`${prefix}bias`];
  return {
    form,
    epsilon,
    scale: numbersOf(weights[`${prefix}weight`]!),
    ...(shift && { shift: numbersOf(shift) }),
  };
}
