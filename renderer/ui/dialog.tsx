import { type ReactNode, useEffect, useId, useRef } from 'react';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the harmless one first: it gets the focus. */
  readonly actions: ReactNode;
  /** Escape, and the harmless button. */
  readonly onClose: () => void;
  readonly wide?: boolean;
}

/** A modal dialog of the browser itself: it keeps the focus, closes on Escape, and gives the focus back. */
export function Dialog({ title, children, actions, onClose, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={`m-auto max-h-[90vh] w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-0 text-left font-normal whitespace-normal text-text shadow-xl backdrop:bg-black/50 ${wide ? 'max-w-3xl' : 'max-w-lg'}`}
    >
      <div className="flex max-h-[90vh] flex-col">
        <h2 id={heading} className="border-b border-line px-5 py-3 text-base font-semibold">
          {title}
        </h2>
        <div className="overflow-auto px-5 py-4">{children}</div>
        <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</div>
      </div>
    </dialog>
  );
}
