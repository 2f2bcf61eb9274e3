import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Suggestion } from './suggestions.ts';

interface Props {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  readonly chosen: number;
  readonly onTake: (suggestion: Suggestion) => void;
}

/** What is being typed could become; the box above keeps the focus. */
export function SuggestionList({ id, suggestions, chosen, onTake }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // In braces: new browsers give a promise back, which an effect must not.
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <ul
      ref={list}
      id={id}
      role="listbox"
      aria-label={t('audit.filter.suggestions')}
      className="absolute top-full left-0 z-20 mt-1 max-h-80 w-full max-w-xl overflow-auto rounded-md border border-line bg-surface py-1 shadow-lg"
    >
      {suggestions.map((suggestion, at) => (
        <li
          key={suggestion.text}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === chosen}
          onMouseDown={(event) => {
            // The box would lose the focus, and close the list, before the click.
            event.preventDefault();
            onTake(suggestion);
          }}
          className={`flex cursor-pointer items-baseline justify-between gap-4 px-3 py-1 hover:bg-sunken ${at === chosen ? 'bg-sunken' : ''}`}
        >
          <span className="font-mono text-[13px]">{suggestion.text}</span>
          {suggestion.isWhole ? null : (
            <span className="truncate text-xs text-muted">{t(`audit.filter.keys.${suggestion.key}`)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
