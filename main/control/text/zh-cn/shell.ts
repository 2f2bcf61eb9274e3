import type { Texts } from '../texts.ts';
import type { shell as english } from '../en/shell.ts';

export const shell: Texts<typeof english> = {
  product: 'MT5 Fabric',
  views: { overview: '概览', brains: '策略端', audit: '审计日志', metatrader: 'MetaTrader', settings: '设置' },
  navigation: '视图',
  skip: '跳到内容',
  hearing: {
    connecting: '正在连接网关…',
    down: '网关没有响应',
    downFor: '网关已 {{age}} 没有响应，显示的是最后已知的内容。',
    retrying: '正在自动重试。',
  },
  mode: {
    TRADING: '交易中',
    SUSPENDED: '已暂停',
    REDUCE_ONLY: '只减仓',
    HALTING: '正在停止…',
    HALTED: '已停止',
    HALTED_NOT_RECORDED: '已停止（未记录）',
    UNKNOWN: '未知',
  },
  ago: '{{age}}前',
  never: '从未',
  unknown: '未知',
  none: '无',
  cancel: '取消',
  close: '关闭',
  save: '保存',
  copy: '复制',
  copied: '已复制',
  retry: '重试',
  loading: '正在加载…',
  reason: '原因',
  reasonHint: '3 到 280 个字符，写入审计日志',
  failed: '未成功：{{message}}',
  zone: { label: '时间', local: '本地时间', utc: 'UTC' },
};
