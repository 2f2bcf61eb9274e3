import { Download, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/api-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Fingerprint } from '../../../ui/fingerprint.tsx';
import type { Pairing } from './pair-dialog.tsx';

interface Props {
  readonly pairing: Pairing;
  readonly serverFingerprint: string | null;
  readonly onClose: () => void;
}

/** The second step: the connection file, shown this once, and what to do with it. Not left by oversight. */
export function ConnectionStep({ pairing, serverFingerprint, onClose }: Props) {
  const { t } = useTranslation();
  const [isTaken, setTaken] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const take = () => {
    setTaken(true);
    setLeaving(false);
  };
  const { name } = pairing.client;
  const leave = () => (isTaken ? onClose() : setLeaving(!isLeaving));
  const actions = isLeaving ? (
    <>
      <Button onClick={() => setLeaving(false)}>{t('pairing.back')}</Button>
      <Button onClick={onClose}>{t('pairing.closeAnyway')}</Button>
    </>
  ) : (
    <Button look={isTaken ? 'main' : 'plain'} onClick={leave}>
      {t('pairing.finish')}
    </Button>
  );
  return (
    <Dialog title={t('pairing.done', { name })} actions={actions} onClose={leave} wide>
      <div className="flex flex-col gap-5">
        <p className="text-xs text-muted">{t('pairing.step', { step: 2, steps: 2 })}</p>
        <ConnectionText pairing={pairing} onTaken={take} />
        <Fingerprints ofBrain={pairing.client.fingerprint} ofGateway={serverFingerprint} />
        <Commands commands={pairing.commands} />
        <p role="alert" className="font-medium text-halted empty:hidden">
          {isLeaving ? t('pairing.untaken') : null}
        </p>
      </div>
    </Dialog>
  );
}

function ConnectionText({ pairing, onTaken }: { readonly pairing: Pairing; readonly onTaken: () => void }) {
  const { t } = useTranslation();
  const { shell } = useApi();
  const { file, client } = pairing;
  const text = `${JSON.stringify(pairing.connection, null, 2)}\n`;
  const [fault, setFault] = useState<string | null>(null);
  const save = async () => {
    const { isSaved, error } = await shell.saveConnection(file, text);
    setFault(error);
    if (isSaved) onTaken();
  };
  return (
    <section className="flex flex-col gap-2">
      <p className="flex items-start gap-1.5 font-medium">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-stale" />
        {t('pairing.once', { name: client.name })}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">{file}</h3>
        <CopyButton text={text} label={t('pairing.copyFile', { file })} onCopied={onTaken} />
        <Button aria-label={t('pairing.saveFile', { file })} onClick={() => void save()}>
          <Download aria-hidden className="size-4" />
          {t('pairing.save')}
        </Button>
      </div>
      <p role="alert" className="font-medium text-halted empty:hidden">
        {fault === null ? null : t('pairing.notSaved', { message: fault })}
      </p>
      <pre
        role="group"
        aria-label={t('pairing.file')}
        tabIndex={0}
        onCopy={() => isAllSelected(text) && onTaken()}
        className="max-h-40 overflow-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-5"
      >
        {text}
      </pre>
    </section>
  );
}

/** A part of the file opens nothing. */
function isAllSelected(text: string): boolean {
  return document.getSelection()?.toString().trim() === text.trim();
}

/** Both sides show them: a person can compare. */
function Fingerprints({ ofBrain, ofGateway }: { readonly ofBrain: string; readonly ofGateway: string | null }) {
  const { t } = useTranslation();
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium">{t('pairing.fingerprints')}</h3>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] items-baseline gap-x-4">
        <dt className="text-muted">{t('pairing.ofBrain')}</dt>
        <dd>
          <Fingerprint of={ofBrain} />
        </dd>
        <dt className="text-muted">{t('pairing.ofGateway')}</dt>
        <dd>{ofGateway === null ? t('shell.unknown') : <Fingerprint of={ofGateway} />}</dd>
      </dl>
    </section>
  );
}

function Commands({ commands }: { readonly commands: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{t('pairing.commands')}</h3>
      <ol className="flex flex-col gap-2">
        {commands.map((command, at) => (
          <li key={command} className="flex items-start gap-2">
            <code className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-1.5 font-mono text-xs leading-5 wrap-anywhere">
              {command}
            </code>
            <CopyButton text={command} label={t('pairing.command', { number: at + 1 })} />
          </li>
        ))}
      </ol>
    </section>
  );
}
