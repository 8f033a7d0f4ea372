"""The role `poll`: reads systems that do not push, one poller for each account.

The way of a reading: session (`connectors.pollers`) -> news or not (`memory`) -> `inbound`, durable -> what was sent is
remembered on `marks` -> the mark moves -> a tick says that the account was heard.

- **What was sent is remembered** (`memory`): for each document the digest of its last content, its name and version,
  on the compacted topic `marks`, keyed by account, kind and the document's id at the system. So equal content is not
  sent again after a restart either, and the open documents are known without asking. It is bounded: a withdrawn
  document is forgotten at once, one that can no longer change after 90 days; should it be read again it is sent once
  more, which does nothing.
- **Order of the writes** (`poll`): readings first, awaited; then, in one transaction, what was sent; after the last of
  them the mark, awaited; then the tick. A crash in between repeats readings and loses none.
- **One poller for each account** (`tenure`): the members of the account's consumer group stand in line for the one
  partition of `marks`, and whoever has it polls. A dead holder is noticed by the broker within the session's timeout.
  Each tenure begins by opening the account's transactional producer, which shuts out the one before: a process that
  was stopped and wakes can no longer write to `marks`. What it may still write to `inbound` is harmless: a reading
  with an older version.
- **Hints** (`connectors.hinting`): between two polls whoever has the turn looks at what hints point at. A document that
  a hint names is read by itself; a hint that names none makes a poll at once.
- **Failures** (`outcome`): the system is away or refuses: no tick, a counter, one sentence in the log, another try
  after a while that grows. The broker is away: the tenure ends and begins anew. Nothing crashes.
"""
