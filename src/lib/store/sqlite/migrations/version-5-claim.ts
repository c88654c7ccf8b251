/** Why deliveries settled where their attempts do not say so. */
export const version5 = `
  alter table ringback_settled add column reason text;
`
