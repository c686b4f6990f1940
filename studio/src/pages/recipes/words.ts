import type { WordsOf } from '../../parts/schema/words'

/** What the settings that many generators share are called, and what they mean. */
export const words: WordsOf = {
  count: { title: 'Number of records', help: 'Exactly so many are kept, all of them distinct.' },
  instruction: {
    title: 'What to write',
    help: 'A few words: who writes what, in which situation.',
    sample: 'one reply of a customer service agent',
    long: true,
  },
  prompt: {
    title: 'Prompt',
    help: 'What the model is asked. {name} is replaced by the value of that axis or attribute.',
    long: true,
  },
  system: {
    title: 'System text',
    help: 'Replaces the built-in text that says who the model is.',
    long: true,
  },
  labels: { title: 'Labels', help: 'Each with what it means: the model reads it.' },
  categories: { title: 'Categories', help: 'Further columns: each category with its types.' },
  axes: { title: 'Further axes', help: 'More columns that are filled evenly, such as language or tone.' },
  ratios: { title: 'Ratios', help: 'Weights per axis; what is not named weighs 1.' },
  attributes: {
    title: 'Attributes',
    help: 'They keep the texts apart: one value of each is drawn for every prompt. They are no columns.',
  },
  examples: { title: 'Examples', help: 'Shown to the model: what a good text is like.' },
  items_per_call: {
    title: 'Texts per call',
    help: 'More at once is cheaper, one at a time is more exact with small models.',
  },
  unique_by: { title: 'Distinct in', help: 'Columns that together may not occur twice.' },
  reasoning: { title: 'Reasons', help: 'The model first says why the text has its label.' },
  mentions: { title: 'Mentions', help: 'Weights of the labels among all mentions.' },
  values: { title: 'Where names come from', help: 'For each label: model, faker:name, or a list.' },
  languages: { title: 'Languages' },
  template: { title: 'Template' },
  seed: { title: 'Seed', help: 'The same seed asks in the same order with the same examples.' },
  output: { title: 'Output file', help: 'Written when the run ends; its ending says the format.' },
  top_p: { title: 'Top p', help: 'Leaves out unlikely words: 1 leaves out none.' },
  max_tokens: { title: 'Longest answer', help: 'In tokens; a word has about one and a third.' },
}
