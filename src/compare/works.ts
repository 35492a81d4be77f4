/** Publications that facts are cited from. */

/** A sentence in both languages of the extension; which one is shown is the reader's choice. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface Work {
  /** As it is cited in a text, e.g. `Devlin et al. 2019`. */
  readonly cited: string;
  readonly title: string;
  /** Where it was published: venue and arXiv number, or the address. */
  readonly where: string;
}

export const works = {
  vaswani2017: {
    cited: 'Vaswani et al. 2017',
    title: 'Attention Is All You Need',
    where: 'NeurIPS 2017, arXiv 1706.03762',
  },
  radford2018: {
    cited: 'Radford et al. 2018',
    title: 'Improving Language Understanding by Generative Pre-Training',
    where: 'OpenAI, June 2018',
  },
  devlin2019: {
    cited: 'Devlin et al. 2019',
    title: 'BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding',
    where: 'NAACL 2019, arXiv 1810.04805',
  },
  radford2019: {
    cited: 'Radford et al. 2019',
    title: 'Language Models are Unsupervised Multitask Learners',
    where: 'OpenAI, February 2019',
  },
  gpt2Code: {
    cited: 'OpenAI gpt-2',
    title: 'Code and models of GPT-2 (README and hparams.json)',
    where: 'github.com/openai/gpt-2',
  },
  liu2019: {
    cited: 'Liu et al. 2019',
    title: 'RoBERTa: A Robustly Optimized BERT Pretraining Approach',
    where: 'arXiv 1907.11692',
  },
  fairseqRoberta: {
    cited: 'fairseq, RoBERTa',
    title: 'Pretrained RoBERTa models (README)',
    where: 'github.com/facebookresearch/fairseq, examples/roberta',
  },
  lan2020: {
    cited: 'Lan et al. 2020',
    title: 'ALBERT: A Lite BERT for Self-supervised Learning of Language Representations',
    where: 'ICLR 2020, arXiv 1909.11942',
  },
  sanh2019: {
    cited: 'Sanh et al. 2019',
    title: 'DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter',
    where: 'arXiv 1910.01108',
  },
  raffel2020: {
    cited: 'Raffel et al. 2020',
    title: 'Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer',
    where: 'JMLR 21(140), arXiv 1910.10683',
  },
  lewis2020: {
    cited: 'Lewis et al. 2020',
    title:
      'BART: Denoising Sequence-to-Sequence Pre-training for Natural Language Generation, Translation, and Comprehension',
    where: 'ACL 2020, arXiv 1910.13461',
  },
  fairseqBart: {
    cited: 'fairseq, BART',
    title: 'Pretrained BART models (README)',
    where: 'github.com/facebookresearch/fairseq, examples/bart',
  },
  kaplan2020: {
    cited: 'Kaplan et al. 2020',
    title: 'Scaling Laws for Neural Language Models',
    where: 'arXiv 2001.08361',
  },
  clark2020: {
    cited: 'Clark et al. 2020',
    title: 'ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators',
    where: 'ICLR 2020, arXiv 2003.10555',
  },
  brown2020: {
    cited: 'Brown et al. 2020',
    title: 'Language Models are Few-Shot Learners',
    where: 'NeurIPS 2020, arXiv 2005.14165',
  },
  ouyang2022: {
    cited: 'Ouyang et al. 2022',
    title: 'Training language models to follow instructions with human feedback',
    where: 'NeurIPS 2022, arXiv 2203.02155',
  },
  hoffmann2022: {
    cited: 'Hoffmann et al. 2022',
    title: 'Training Compute-Optimal Large Language Models',
    where: 'NeurIPS 2022, arXiv 2203.15556',
  },
  chatgpt2022: {
    cited: 'OpenAI 2022',
    title: 'Introducing ChatGPT',
    where: 'openai.com, 30 November 2022',
  },
} as const satisfies Readonly<Record<string, Work>>;

export type WorkId = keyof typeof works;

/** A place in a publication, e.g. `table 2`; empty for the whole. */
export interface Citation {
  readonly work: WorkId;
  readonly place: string;
}
