import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ControlInput, ControlOutput } from '../../../main/control/contract.ts';
import { useApi, useCall } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { usePreferences } from '../../preferences/preferences.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Status } from '../../ui/status.tsx';
import { filterOf, queryText, type Token } from './filter/tokens.ts';

type FileFormat = ControlInput<'auditExport'>['format'];
type Exported = ControlOutput<'auditExport'>;

const FORMATS = ['csv', 'jsonl'] as const satisfies readonly FileFormat[];

interface Props {
  readonly tokens: readonly Token[];
  readonly onClose: () => void;
}

/** Exports what the filter matches, and takes the operator to the files. */
export function ExportDialog({ tokens, onClose }: Props) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const announce = useAnnounce();
  const { run, busy, error } = useCall('auditExport');
  const [fileFormat, setFileFormat] = useState<FileFormat>('csv');
  const [exported, setExported] = useState<Exported | null>(null);
  const start = async () => {
    const answer = await run({ filter: filterOf(tokens, zone, Date.now()), format: fileFormat });
    if (!answer.ok) return;
    setExported(answer.output);
    announce(t('audit.export.done'));
  };
  const isDone = exported !== null;
  return (
    <Dialog
      title={t('audit.export.title')}
      wide
      onClose={onClose}
      actions={
        <>
          <Button data-autofocus onClick={onClose}>
            {t(isDone ? 'shell.close' : 'shell.cancel')}
          </Button>
          {isDone ? null : (
            <Button look="main" busy={busy} onClick={() => void start()}>
              {t(busy ? 'audit.export.running' : 'audit.export.run')}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="break-words">
          {tokens.length === 0 ? t('audit.export.all') : t('audit.export.matching', { filter: queryText(tokens) })}
        </p>
        {isDone ? <Result exported={exported} /> : <Choice chosen={fileFormat} onChoose={setFileFormat} />}
        {error === null ? null : (
          <p role="alert" className="font-medium text-halted">
            {t('audit.export.failed', { message: error })}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Choice({
  chosen,
  onChoose,
}: {
  readonly chosen: FileFormat;
  readonly onChoose: (format: FileFormat) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 font-medium">{t('audit.export.format')}</legend>
        {FORMATS.map((format) => (
          <label key={format} className="flex items-center gap-2">
            <input
              type="radio"
              name="export-format"
              checked={chosen === format}
              onChange={() => onChoose(format)}
              className="accent-fine"
            />
            {t(`audit.export.${format}`)}
          </label>
        ))}
      </fieldset>
      <p className="text-[13px] text-muted">{t('audit.export.hint')}</p>
    </>
  );
}

function Result({ exported }: { readonly exported: Exported }) {
  const { t } = useTranslation();
  const { shell } = useApi();
  const format = useFormat();
  const values = [
    ['rows', format.number(exported.rows)],
    ['bytes', format.bytes(exported.bytes)],
    ['sha256', exported.sha256],
    ['folder', exported.folder],
  ] as const;
  return (
    <>
      <Status tone="fine">{t('audit.export.done')}</Status>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        {values.map(([name, value]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-muted">{t(`audit.export.${name}`)}</dt>
            <dd className={`break-all ${name === 'sha256' ? 'font-mono text-[13px]' : ''}`}>{value}</dd>
          </div>
        ))}
      </dl>
      {exported.gaps.map((gap) => (
        <p key={gap} className="font-medium text-stale">
          {t('audit.list.gap', { gap })}
        </p>
      ))}
      <div className="flex flex-wrap gap-2">
        {[exported.file, exported.manifest_file].map((file) => (
          <Button key={file} onClick={() => shell.fetchExport(file)}>
            {t(shell.kind === 'window' ? 'audit.export.show' : 'audit.export.download', { file })}
          </Button>
        ))}
      </div>
    </>
  );
}
