import {
  isFinished,
  parsePiece,
  parseQuery,
  piecesOf,
  queryText,
  type Token,
  type TokenFault,
  withToken,
} from './tokens.ts';

/** What stands in the filter's box: tokens, and what is being typed behind them. */
export interface FilterState {
  readonly tokens: readonly Token[];
  readonly draft: string;
  /** What is typed is finished: what is wrong with it may be said. */
  readonly isFinished: boolean;
  /** The filter in the address, as far as it has been seen. */
  readonly written: string;
}

/** From the address: pieces that are no tokens are there to be corrected. */
export function stateOf(query: string): FilterState {
  const { tokens, others } = parseQuery(query);
  return { tokens, draft: others.join(' '), isFinished: others.length > 0, written: query };
}

/** The tokens that are in force: those in the box, and what is being typed once it is one. */
export function tokensInForce({ tokens, draft }: FilterState): readonly Token[] {
  const result = draft.trim() === '' ? null : parsePiece(draft.trim());
  return result?.ok === true ? withToken(tokens, result.token) : tokens;
}

/** After something was typed: finished pieces become tokens, also those of a pasted filter. */
export function typed(state: FilterState, text: string): FilterState {
  const pieces = piecesOf(text);
  const isLastFinished = isFinished(text);
  if (pieces.length <= 1 && !isLastFinished) return { ...state, draft: text, isFinished: false };
  const finished = isLastFinished ? pieces : pieces.slice(0, -1);
  const { tokens, others } = parseQuery(finished.join(' '));
  const rest = [...others, ...(isLastFinished ? [] : pieces.slice(-1))].join(' ');
  return { ...state, tokens: tokens.reduce(withToken, state.tokens), draft: rest, isFinished: others.length > 0 };
}

/** After Enter, or when the box is left: what is typed becomes a token, or is said to be none. */
export function finished(state: FilterState): FilterState {
  const text = state.draft.trim();
  return text === ''
    ? { ...state, draft: '', isFinished: false }
    : typed(state, `${text}${isFinished(`${text} `) ? '' : '"'} `);
}

/** The last token back into what is being typed, to be changed. */
export function takenBack(state: FilterState): FilterState {
  const last = state.tokens.at(-1);
  if (last === undefined || state.draft !== '') return state;
  return { ...state, tokens: state.tokens.slice(0, -1), draft: queryText([last]), isFinished: false };
}

/** What is wrong with the finished text; null where nothing is. */
export function faultOf(state: FilterState): TokenFault | null {
  if (!state.isFinished) return null;
  for (const piece of piecesOf(state.draft)) {
    const result = parsePiece(piece);
    if (!result.ok) return result.fault;
  }
  return null;
}

/** Follows the address: another filter there takes the place of what is in the box, one's own does not. */
export function follow(state: FilterState, query: string): FilterState {
  if (query === state.written) return state;
  return query === queryText(tokensInForce(state)) ? { ...state, written: query } : stateOf(query);
}
