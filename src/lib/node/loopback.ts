/** The names and addresses of this machine. */
export const loopback = ['localhost', '127.0.0.0/8', '::1']
