import { EventEmitter } from 'node:events';
import type { WebContents } from './window.ts';

type SchemeHandler = (request: Pick<Request, 'url' | 'method'>) => Response;

export const protocol = {
  schemes: [] as Electron.CustomScheme[],
  handlers: new Map<string, SchemeHandler>(),
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    this.schemes = schemes;
  },
  handle(scheme: string, handler: SchemeHandler): void {
    this.handlers.set(scheme, handler);
  },
};

type PermissionRequest = (contents: WebContents, permission: string, answer: (isGranted: boolean) => void) => void;
type PermissionCheck = (contents: WebContents | null, permission: string) => boolean;

export class Session extends EventEmitter {
  permissionRequest: PermissionRequest | null = null;
  permissionCheck: PermissionCheck | null = null;
  devicePermission: (() => boolean) | null = null;

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermission = handler;
  }
}

export const session = { defaultSession: new Session() };
