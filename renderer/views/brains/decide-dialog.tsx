import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../api/api-context.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';

interface Props {
  readonly open: { readonly req_id: string; readonly client: string };
  readonly onClose: () => void;
}

/** A person says what became of a command that no evidence tells of. */
export function DecideDialog({ open, onClose }: Props) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { run } = useCall('decide');
  const [happened, setHappened] = useState<boolean | null>(null);
  const decide = async (reason: string) => {
    if (happened === null) return t('brains.unknown.choose');
    const answer = await run({ req_id: open.req_id, client: open.client, happened, reason });
    if (!answer.ok) return t('shell.failed', { message: answer.error });
    if (!answer.output.decided) return t('brains.unknown.gone');
    announce(t('brains.unknown.decided', { req: open.req_id }));
    return null;
  };
  return (
    <ReasonDialog
      title={t('brains.unknown.decideOn', { req: open.req_id })}
      confirm={t('brains.unknown.confirm')}
      onConfirm={decide}
      onClose={onClose}
    >
      <fieldset className="flex flex-col gap-1.5 text-left whitespace-normal">
        <legend className="mb-1 font-medium break-words">
          {t('brains.unknown.question', { req: open.req_id, client: open.client })}
        </legend>
        <Choice label={t('brains.unknown.happened')} isChosen={happened === true} onChoose={() => setHappened(true)} />
        <Choice label={t('brains.unknown.didNot')} isChosen={happened === false} onChoose={() => setHappened(false)} />
      </fieldset>
    </ReasonDialog>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Choice({ label, isChosen, onChoose }: ChoiceProps) {
  return (
    <label className="flex min-h-7 items-center gap-2">
      <input type="radio" name="happened" checked={isChosen} onChange={onChoose} className="size-4 accent-fine" />
      {label}
    </label>
  );
}
