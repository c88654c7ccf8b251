/** Why the deliveries of an endpoint "e" are cancelled. */
export const endReason = "case when e.deleted_at is null then 'endpoint-disabled' else 'endpoint-deleted' end"
