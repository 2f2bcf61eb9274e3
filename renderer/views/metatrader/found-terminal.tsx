import { LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlOutput } from '../../../main/control/contract.ts';
import { useCall } from '../../api/api-context.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Status } from '../../ui/status.tsx';
import { Row, Rows } from '../../ui/rows.tsx';

type Found = ControlOutput<'terminals'>['terminals'][number];
type Installed = ControlOutput<'installBridge'>;

interface Props {
  readonly terminal: Found;
  readonly onInstalled: () => void;
}

/** A terminal of this machine: what its bridge program lacks, and the one button that brings it. */
export function FoundTerminal({ terminal, onInstalled }: Props) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { run, busy, error } = useCall('installBridge');
  const [installed, setInstalled] = useState<Installed | null>(null);
  const { folder } = terminal;
  const install = async () => {
    setInstalled(null);
    const answer = await run({ folder });
    if (!answer.ok) return;
    setInstalled(answer.output);
    if (answer.output.installed) announce(t('metatrader.terminals.done', { version: answer.output.version }));
    onInstalled();
  };
  const action = t(`metatrader.terminals.${actionOf(terminal)}`);
  return (
    <div className="flex flex-col gap-3">
      <Facts terminal={terminal} />
      <Missing sentences={terminal.missing} />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look={terminal.is_current ? 'plain' : 'main'}
          busy={busy}
          aria-label={t('metatrader.terminals.into', { action, folder })}
          onClick={() => void install()}
        >
          {busy ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : null}
          {action}
        </Button>
        <p role="status" className="text-muted empty:hidden">
          {busy ? t('metatrader.terminals.installing') : null}
        </p>
      </div>
      <p role="alert" className="font-medium break-words whitespace-pre-line text-halted empty:hidden">
        {failureOf(error, installed) === null
          ? null
          : t('metatrader.terminals.failed', { message: failureOf(error, installed) ?? '' })}
      </p>
      {installed?.installed === true ? <Result installed={installed} /> : null}
    </div>
  );
}

function actionOf({ is_current: isCurrent, installed_version: version }: Found): 'install' | 'update' | 'again' {
  if (isCurrent) return 'again';
  return version === null ? 'install' : 'update';
}

function failureOf(error: string | null, installed: Installed | null): string | null {
  if (error !== null) return error;
  return installed?.installed === false ? installed.message : null;
}

function Facts({ terminal }: { readonly terminal: Found }) {
  const { t } = useTranslation();
  const { folder, install_folder: installFolder, installed_version: version } = terminal;
  const tone = terminal.is_current ? 'fine' : 'stale';
  const word = terminal.is_current ? 'current' : version === null ? 'missing' : 'outdated';
  return (
    <>
      <Status tone={tone}>{t(`metatrader.terminals.${word}`)}</Status>
      <Rows>
        <Row name={t('metatrader.terminals.installed')}>{version ?? t('metatrader.terminals.notInstalled')}</Row>
        <Row name={t('metatrader.terminals.offered')}>{terminal.offered_version}</Row>
        <Row name={t('metatrader.terminals.folder')}>
          <span className="font-mono text-xs break-all">{folder}</span>
        </Row>
        <Row name={t('metatrader.terminals.installFolder')}>
          {installFolder === null ? (
            t('metatrader.terminals.gone')
          ) : (
            <span className="font-mono text-xs break-all">{installFolder}</span>
          )}
        </Row>
      </Rows>
    </>
  );
}

function Missing({ sentences }: { readonly sentences: readonly string[] }) {
  const { t } = useTranslation();
  if (sentences.length === 0) return null;
  return (
    <div>
      <p className="font-medium">{t('metatrader.terminals.missingList')}</p>
      <ul className="list-disc pl-5">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

function Result({ installed }: { readonly installed: Extract<Installed, { installed: true }> }) {
  const { t } = useTranslation();
  const { version, version_before: before, steps } = installed;
  return (
    <div className="rounded-md border border-line bg-sunken px-4 py-3">
      <p className="font-medium">
        {before === null || before === version
          ? t('metatrader.terminals.done', { version })
          : t('metatrader.terminals.doneBefore', { version, before })}
      </p>
      {steps.length === 0 ? null : (
        <>
          <p className="mt-2">{t('metatrader.terminals.steps')}</p>
          <ol className="mt-1 flex list-decimal flex-col gap-1 pl-6">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
