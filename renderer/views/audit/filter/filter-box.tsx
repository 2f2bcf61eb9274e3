import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../../main/control/contract.ts';
import { goToFilter, useAuditAddress } from '../address.ts';
import { FaultText } from './fault-text.tsx';
import { faultOf, finished, follow, stateOf, takenBack, tokensInForce, typed } from './filter-state.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { type Suggestion, suggestionsFor } from './suggestions.ts';
import { queryText, type Token, tokenText, withoutKey } from './tokens.ts';
import { useNames } from './use-names.ts';

const SETTLE_MS = 150;
const clientNames = ({ clients }: TopicValue<'clients'>) => clients.map(({ name }) => name);
const symbolNames = (quotes: TopicValue<'quotes'>) => quotes.map(({ symbol }) => symbol);

/** The filter: tokens as chips, a box to type the next one, and what it could be underneath. Kept in the address. */
export function FilterBox() {
  const { t } = useTranslation();
  const { query } = useAuditAddress();
  const [held, setState] = useState(() => stateOf(query));
  const state = follow(held, query);
  if (state !== held) setState(state);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const client = useNames('clients', clientNames, isOpen);
  const symbol = useNames('quotes', symbolNames, isOpen);
  const suggestions = isOpen ? suggestionsFor(state.draft, { client, symbol }) : [];
  const isListed = suggestions.length > 0;
  const fault = faultOf(state);

  const inForce = queryText(tokensInForce(state));
  useEffect(() => {
    if (inForce === state.written) return;
    // What is finished holds at once; what is still being typed, after a pause.
    const settleMs = state.draft === '' ? 0 : SETTLE_MS;
    const settled = setTimeout(() => goToFilter(tokensInForce(state), { replace: true }), settleMs);
    return () => clearTimeout(settled);
  }, [inForce, state]);

  const type = (text: string) => {
    const next = typed(state, text);
    setState(next);
    // A finished token leaves the rows free to be seen.
    setOpen(next.draft !== '');
    setChosen(-1);
  };
  const take = ({ text, isWhole }: Suggestion) => {
    setState(typed(state, isWhole ? `${text} ` : text));
    setOpen(!isWhole);
    setChosen(-1);
    input.current?.focus();
  };
  const close = () => {
    setOpen(false);
    setChosen(-1);
  };
  const enter = () => {
    const suggestion = suggestions[chosen];
    if (suggestion !== undefined) {
      take(suggestion);
      return;
    }
    setState(finished(state));
    close();
  };
  const step = (by: number) => {
    setOpen(true);
    const count = suggestions.length;
    // One place more than there are suggestions: the text itself.
    if (count > 0) setChosen(((chosen + 1 + by + count + 1) % (count + 1)) - 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') enter();
    else if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Escape' && isOpen) close();
    else if (event.key === 'Backspace' && state.draft === '') setState(takenBack(state));
    else return;
    if (event.key !== 'Backspace' || state.tokens.length > 0) event.preventDefault();
  };
  return (
    <div className="relative">
      <div
        className={`flex min-h-9 flex-wrap items-center gap-1.5 rounded-md border bg-surface py-1 pr-1 pl-2.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-fine ${fault === null ? 'border-control-line' : 'border-halted'}`}
      >
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        {state.tokens.map((token) => (
          <Chip
            key={token.key}
            token={token}
            onRemove={() => {
              setState({ ...state, tokens: withoutKey(state.tokens, token.key) });
              input.current?.focus();
            }}
          />
        ))}
        <input
          ref={input}
          role="combobox"
          aria-label={t('audit.filter.label')}
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={isListed ? `${id}-list` : undefined}
          aria-activedescendant={isListed && chosen >= 0 ? `${id}-list-${chosen}` : undefined}
          aria-invalid={fault !== null}
          aria-describedby={`${id}-fault`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={state.tokens.length === 0 ? t('audit.filter.placeholder') : undefined}
          value={state.draft}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onClick={() => setOpen(true)}
          onBlur={() => {
            close();
            setState(finished(state));
          }}
          className="min-w-40 flex-1 bg-transparent py-0.5 font-mono text-[13px] outline-none placeholder:font-sans placeholder:text-sm placeholder:text-muted"
        />
        {state.tokens.length === 0 && state.draft === '' ? null : (
          <button
            type="button"
            title={t('audit.filter.clear')}
            aria-label={t('audit.filter.clear')}
            onClick={() => {
              setState({ ...state, tokens: [], draft: '', isFinished: false });
              input.current?.focus();
            }}
            className="grid size-6 place-items-center rounded text-muted hover:bg-sunken hover:text-text"
          >
            <X aria-hidden className="size-4" />
          </button>
        )}
      </div>
      {isListed ? <SuggestionList id={`${id}-list`} suggestions={suggestions} chosen={chosen} onTake={take} /> : null}
      <p id={`${id}-fault`} role="alert" className="mt-1 text-xs font-medium text-halted empty:hidden">
        {fault === null ? null : <FaultText fault={fault} />}
      </p>
    </div>
  );
}

function Chip({ token, onRemove }: { readonly token: Token; readonly onRemove: () => void }) {
  const { t } = useTranslation();
  const text = tokenText(token);
  return (
    <span className="inline-flex h-6 max-w-96 items-center gap-1 rounded bg-sunken pl-2 font-mono text-xs">
      <span className="truncate" title={text}>
        <span className="text-muted">{token.key}:</span>
        {token.value}
      </span>
      <button
        type="button"
        aria-label={t('audit.filter.remove', { token: text })}
        onClick={onRemove}
        className="grid size-6 place-items-center rounded text-muted hover:text-text"
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  );
}
