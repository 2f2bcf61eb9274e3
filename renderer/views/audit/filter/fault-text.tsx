import { useTranslation } from 'react-i18next';
import { AUDIT_WORDS } from '../../../../main/control/contract.ts';
import { TIME_EXAMPLES } from './time-value.ts';
import { KEYS, REPLY_STATUSES, type TokenFault } from './tokens.ts';

/** What is wrong with a piece of the filter, and what is accepted in its place. */
export function FaultText({ fault }: { readonly fault: TokenFault }) {
  const { t } = useTranslation();
  switch (fault.kind) {
    case 'unknownKey':
      return t('audit.filter.faults.unknownKey', { key: fault.key, accepted: KEYS.map((key) => `${key}:`).join(', ') });
    case 'noValue':
      return t('audit.filter.faults.noValue', { key: fault.key });
    case 'badWord':
      return t('audit.filter.faults.badWord', { ...fault, accepted: AUDIT_WORDS[fault.key].join(', ') });
    case 'replyStatus':
      return t('audit.filter.faults.replyStatus', { ...fault, accepted: REPLY_STATUSES[fault.value].join(', ') });
    case 'badTime':
      return t('audit.filter.faults.badTime', { ...fault, accepted: TIME_EXAMPLES.join(', ') });
    case 'bareWord':
      return t('audit.filter.faults.bareWord', { word: fault.word });
  }
}
