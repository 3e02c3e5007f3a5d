/** Stands for packages that the Worker doesn't need: `alias` in wrangler.toml. CommonJS, so that a bundler accepts the import of any name. */
module.exports = {};
