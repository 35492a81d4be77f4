/** Whose requests those of agents' tools are. */
export const toolOwner = 'tools';
/** Whose those of the live view are; what is done for it is nothing that a person asked for by itself. */
export const inspectOwner = 'inspect';
