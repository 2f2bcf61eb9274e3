/** Status of a reply: ERROR means that it did not happen, PENDING that the outcome is not known yet. */
export const ResponseStatus = { SUCCESS: 'SUCCESS', ERROR: 'ERROR', PENDING: 'PENDING' } as const;
export type ResponseStatus = (typeof ResponseStatus)[keyof typeof ResponseStatus];
