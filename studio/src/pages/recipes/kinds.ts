import type { WordsOf } from '../../parts/schema/words'

/** What each generator's form shows first, in this order: what it cannot do without, and what most people set. */
const first: Record<string, string[]> = {
  prompt: ['prompt', 'count', 'examples'],
  template: ['template', 'prompt', 'values', 'count'], // a template's text is named or written
  adversarial: ['tactics', 'policy', 'examples'],
  annotate: ['inputs', 'entities', 'examples'],
  rewrite: ['inputs', 'task', 'to', 'style', 'per_input'],
  structured: ['instruction', 'schema', 'count', 'samplers', 'rules'],
  extraction: ['direction', 'schema', 'documents', 'count', 'styles'],
  dialogue: ['instruction', 'count', 'turns', 'personas', 'goal', 'tone'],
  self_instruct: ['seeds', 'count', 'classification_share'],
  evol_instruct: ['seeds', 'count', 'depth', 'operations'],
  preference: ['inputs', 'candidates', 'judge'],
  rag_qa: ['documents', 'count', 'per_chunk', 'kinds', 'personas'],
  multilingual: ['languages', 'mode', 'count'],
}

export const firstOf = (kind: string): string[] => first[kind] ?? ['examples', 'values']

/** Settings that do not go with a generator: they are shown where they are given, so that one sees what is wrong. */
const idle: Record<string, string[]> = {
  annotate: ['count', 'axes', 'ratios', 'per_input'],
  evol_instruct: ['items_per_call'],
}

export const idleOf = (kind: string): string[] => idle[kind] ?? []

const inputs = 'A file, a dataset, or the name of the step before. '

/** What settings of one generator are called, where the words for all do not fit. */
const own: Record<string, WordsOf> = {
  template: {
    template: {
      title: 'Saved template',
      help: 'One of those under Templates; or write the prompt below.',
      sample: 'none',
      long: false,
    },
    values: { title: 'Variables', help: 'What each {variable} may be; weights share out the records.' },
    items: { title: 'Form of the answer', help: 'Several at once (array), one (object), or plain text.' },
    type: { title: 'What an answer holds' },
    keys: { title: 'Columns', help: 'Of each item, where the prompt shows no example of one.' },
    parameters: { help: 'Model, temperature and others, where the recipe says nothing.' },
  },
  multilingual: {
    languages: {
      title: 'Languages',
      help: 'By their code, such as en or de; the weights share out the records.',
    },
    mode: {
      title: 'How',
      help: 'Native: written in the language. Translate: written once, then translated in one more call.',
    },
    count: { title: 'Number of records', help: 'In all languages together; empty: as said below.' },
  },
  annotate: {
    instruction: {
      title: 'What the texts are',
      help: 'A few words, if the labels do not say it.',
      sample: '',
      long: true,
    },
    inputs: { title: 'Your texts', help: `${inputs}Each text gets its labels from the model.` },
    entities: {
      title: 'Mark words',
      help: 'Find names of these labels in the text, instead of one label for all of it.',
    },
  },
  rewrite: {
    inputs: { title: 'Your texts', help: `${inputs}Each is said in other words.` },
    task: { title: 'What to do with them' },
    to: { title: 'Language', help: 'That texts are translated into, by its code.' },
    similarity: { help: 'How near a new text must stay to its source, and how near it may come: 0 to 1.' },
  },
  rows: { inputs: { title: 'Your rows', help: `${inputs}They come in unchanged.` } },
  preference: {
    inputs: { title: 'Prompts', help: `${inputs}Each is answered several times.` },
    candidates: { title: 'Answers to each prompt', help: 'The best and the worst of them become the pair.' },
    judge: { title: 'Judge', help: 'Who says which answer is better.' },
  },
  rag_qa: {
    documents: { title: 'Documents', help: `${inputs}Questions are asked about parts of them.` },
    count: { title: 'Number of questions', help: 'In all; or say below how many to each part.' },
    per_chunk: { title: 'Questions to each part', help: 'Instead of a number in all.' },
    chunk_size: { title: 'Length of a part', help: 'In tokens.' },
    kinds: { title: 'Kinds of questions', help: 'The weights share out the questions.' },
    personas: { title: 'Who asks' },
  },
  structured: schemaWords(),
  extraction: {
    ...schemaWords(),
    direction: {
      title: 'Which way',
      help: 'Data to document: data are made up, and a document written that states them. Document to data: what your documents say is read out.',
    },
    documents: { title: 'Your documents', help: `${inputs}For document to data.` },
    styles: { title: 'Kinds of documents', help: 'One is drawn for each: a letter, a form, a note.' },
    chunk_size: { title: 'Length of a part', help: 'Longer documents are read in parts of so many tokens.' },
  },
  dialogue: {
    instruction: {
      title: 'What it is about',
      help: 'A few words: who speaks with whom, and about what.',
      long: true,
    },
    turns: { title: 'Messages', help: 'The fewest and the most of a conversation.' },
    personas: { title: 'Who speaks', help: 'User and assistant: one description or several to draw from.' },
    goal: { title: 'Goal', help: 'What the user wants to reach.' },
    tone: { title: 'Tone', help: 'How they speak.' },
    mode: {
      title: 'How',
      help: 'Whole: in one call. Turn by turn: each message by itself, which is better and dearer.',
    },
    labels_per_turn: { title: 'Labels of messages', help: 'Each message gets one of them.' },
    system_message: { title: 'System message', help: 'Stands first in every conversation.', long: true },
    models: { title: 'Models', help: 'One for the user and one for the assistant, turn by turn.' },
  },
  self_instruct: {
    seeds: { title: 'First instructions', help: `${inputs}New ones are made like them.` },
    classification_share: { help: 'The share of them that ask for one of several answers: 0 to 1.' },
  },
  evol_instruct: {
    seeds: { title: 'First instructions', help: `${inputs}Each is made harder.` },
    depth: { title: 'Rounds', help: 'How many times an instruction is made harder.' },
    operations: { title: 'Ways to make it harder', help: 'The weights say how often each is taken.' },
    keep: { help: 'The hardest one of each (final), or all on the way.' },
  },
  adversarial: {
    tactics: { title: 'Tactics', help: 'What makes a text hard; the weights share out the records.' },
    policy: { title: 'Policy', help: 'The rules that the inputs put to the test.', long: true },
  },
}

export const wordsOf = (kind: string): WordsOf => own[kind] ?? {}

function schemaWords(): WordsOf {
  return {
    instruction: {
      title: 'What the records are',
      help: 'A few words, where the names of the fields do not say it.',
    },
    schema: {
      title: 'Fields',
      help: 'Name and kind of each: string, integer, number, boolean, date, or a whole JSON Schema.',
    },
    samplers: {
      title: 'Drawn by chance',
      help: 'Fields that are drawn and not written: numbers, dates, names.',
    },
    rules: { title: 'Rules', help: 'Each holds for every record, such as total == sum(lines.price).' },
    edge_cases: { title: 'Edge cases', help: 'A share of the records shows something unusual.' },
  }
}
