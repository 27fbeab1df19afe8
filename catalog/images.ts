/** What every image is built on, and what loads secret files. Reached by `docker pull`, or made by the bootstrap. */
export const baseImage = "debian:trixie-slim";
