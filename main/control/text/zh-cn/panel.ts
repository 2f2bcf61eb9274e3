import type { Texts } from '../texts.ts';
import type { panel as english } from '../en/panel.ts';

export const panel: Texts<typeof english> = {
  signIn: {
    title: '此面板需要新的地址',
    cause: '该地址已被使用或已过期，或此浏览器尚未在此登录。',
    cure: '请在网关所在的机器上运行以下命令，并打开它显示的地址：',
    note: '每个地址只能登录一次，几分钟内有效。',
    again: '我已登录：打开面板',
  },
  missing: {
    title: '缺少面板页面',
    cause: '程序的安装位置没有这些页面。网关本身在运行。',
    cure: '请重新安装或构建程序，然后重启网关。在此期间可用以下命令查看状态：',
  },
  notFound: { title: '没有此页面', cause: '该地址下没有任何内容。', back: '打开面板' },
  wrongHost: {
    title: '面板的地址不同',
    cause: '它只在 127.0.0.1 和 localhost 下应答，以免其他页面冒充它。',
  },
  foreign: { title: '请求来自其他页面', cause: '面板只应答自己的页面。' },
  wrongMethod: { title: '此处只能读取', cause: '面板的页面只接受 GET 和 HEAD。' },
  failed: { title: '面板无法应答', cause: '原因见网关的日志。' },
};
