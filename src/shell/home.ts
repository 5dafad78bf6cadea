/** Root's home directory, on machines and in containers. */
export const rootHome = '/root'
