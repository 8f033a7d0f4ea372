"""Files: what a source's sender would push, dropped into a folder or given to `quayside import`.

The way of a file: complete (`folder`) -> claimed, by a rename -> judged as a whole (`judging`) -> `inbound`, durable
(`storing`) -> `done`; or, where anything in it is wrong, `refused`, with a text beside it that says why.

- **Nothing half done**: a file is read and mapped before anything of it is sent; of one in which anything is wrong
  nothing is.
- **Killed at any step**, a file stands either where it was dropped or among the claimed ones, which are taken up again
  first. What was sent before is sent again: the same bytes are the same request, and have one effect.
- **One process at a time** looks into a folder (`connectors.polling.tenure`), and says after each look that the account
  was heard, as a poll does.
"""
