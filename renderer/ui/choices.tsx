import { useId } from 'react';

interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  /** What it means, under the label. */
  readonly about: string;
}

interface Props<V extends string> {
  readonly title: string;
  readonly choices: readonly Choice<V>[];
  /** Null while nothing is chosen. */
  readonly chosen: V | null;
  readonly fault?: string | null;
  readonly onChoose: (value: V) => void;
}

/** One of several, each with what it means in words. */
export function Choices<V extends string>({ title, choices, chosen, fault = null, onChoose }: Props<V>) {
  const id = useId();
  return (
    <fieldset aria-describedby={`${id}-fault`} className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{title}</legend>
      {choices.map(({ value, label, about }) => (
        <div key={value} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
          <input
            id={`${id}-${value}`}
            type="radio"
            name={id}
            checked={chosen === value}
            aria-describedby={`${id}-${value}-about`}
            onChange={() => onChoose(value)}
            className="mt-0.5 size-4 accent-fine"
          />
          <label htmlFor={`${id}-${value}`}>{label}</label>
          <p id={`${id}-${value}-about`} className="col-start-2 text-xs text-muted">
            {about}
          </p>
        </div>
      ))}
      <p id={`${id}-fault`} role="alert" className="text-xs font-medium text-halted empty:hidden">
        {fault}
      </p>
    </fieldset>
  );
}
