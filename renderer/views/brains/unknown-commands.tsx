import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { en } from '../../../main/control/text/en/index.ts';
import { useTopic } from '../../api/api-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import { LastSeen } from './last-seen.tsx';

type Open = TopicValue<'clients'>['unknown'][number];
type Kind = keyof typeof en.brains.unknown.kinds;

const isKnownKind = (kind: string): kind is Kind => Object.hasOwn(en.brains.unknown.kinds, kind);

/** Commands of which nobody knows what became; nothing at all where there are none. */
export function UnknownCommands() {
  const { t } = useTranslation();
  const unknown = useTopic('clients')?.value.unknown ?? [];
  if (unknown.length === 0) return null;
  const head = (
    <>
      <Th>{t('brains.unknown.columns.command')}</Th>
      <Th>{t('brains.unknown.columns.client')}</Th>
      <Th align="right">{t('brains.unknown.columns.lost')}</Th>
      <Th>{t('brains.unknown.columns.why')}</Th>
      <Th>
        <span className="sr-only">{t('brains.unknown.columns.decide')}</span>
      </Th>
    </>
  );
  return (
    <Card title={t('brains.unknown.title')}>
      <p className="mb-6 max-w-prose text-muted">{t('brains.unknown.text')}</p>
      <Table label={t('brains.unknown.title')} head={head}>
        {unknown.map((open) => (
          <OpenRow key={`${open.client} ${open.req_id}`} open={open} />
        ))}
      </Table>
    </Card>
  );
}

function OpenRow({ open }: { readonly open: Open }) {
  const { t } = useTranslation();
  const [isDeciding, setDeciding] = useState(false);
  return (
    <Tr>
      <Td>
        {isKnownKind(open.kind) ? t(`brains.unknown.kinds.${open.kind}`) : open.kind}
        <span className="block max-w-72 truncate font-mono text-xs text-muted" title={open.req_id}>
          {open.req_id}
        </span>
      </Td>
      <Td>{open.client}</Td>
      <Td align="right">
        <LastSeen atMs={open.lost_at_ms} />
      </Td>
      <Td className="max-w-96 whitespace-normal">{open.why === '' ? t('brains.unknown.searching') : open.why}</Td>
      <Td align="right">
        <Button aria-label={t('brains.unknown.decideOn', { req: open.req_id })} onClick={() => setDeciding(true)}>
          {t('brains.unknown.decide')}
        </Button>
        {isDeciding ? <DecideDialog open={open} onClose={() => setDeciding(false)} /> : null}
      </Td>
    </Tr>
  );
}
