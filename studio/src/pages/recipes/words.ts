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
    help: 'What the model is asked. {name} is replaced by a value of the variable of that name.',
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
  stop: { title: 'Stop at', help: 'An answer ends where the model writes one of these.' },
  extra: { title: 'Other settings', help: 'Go to the provider as they are.' },
  preset: { title: 'Preset', help: 'A temperature and what goes with it, where none is given.' },
  structured: {
    title: 'Answers in a form',
    help: 'Whether the model is held to a JSON Schema: auto is where it can be.',
  },
  into: {
    title: 'Add to what is there',
    help: 'A file or dataset whose texts count as known: nothing is said again. With top up its records count, too.',
  },
  near_duplicate: {
    title: 'Near duplicates',
    help: 'A text in nearly the same words as another one with its label is turned away, if it is not off.',
  },
  steering: {
    title: 'Steering',
    help: 'Prompts show the latest texts to differ from. Off: they depend on the seed and the cell alone.',
  },
  retry_with_feedback: {
    title: 'Try again with the reason',
    help: 'A text that was turned away is asked for once more, with what was wrong.',
  },
  redact: {
    title: 'Mask personal data',
    help: 'Models of others see no personal data and no secrets.',
  },
  stop_rules: {
    title: 'When a cell is given up',
    help: 'It stays short then, and the run goes on with the others.',
  },
  fruitless: { title: 'Fruitless tries in a row' },
  attempts_per_record: { title: 'Tries for each record, at most' },
  fallback: { title: 'Fallback', help: 'A model that takes over where the first does not answer.' },
  batch: {
    title: 'In batches',
    help: 'Half the price where the provider has them, and an answer within hours.',
  },
  prices: { title: 'Prices', help: 'Of models the table does not know: US dollars per million tokens.' },
  connections: {
    title: 'Connections of this recipe alone',
    help: 'Better kept under Connections, where keys are encrypted.',
  },
  report: { title: 'Report', help: 'Made when the run ends.' },
  max_tokens: { title: 'Longest answer', help: 'In tokens; a word has about one and a third.' },
}
