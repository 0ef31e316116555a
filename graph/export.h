#pragma once

/// Marks classes that users derive from or catch, and public variables: their vtables and type information must be
/// visible outside of the library even when a program is compiled with -fvisibility=hidden. What else of namespace
/// cornu is exported is decided when the library is linked, by cmake/write_exports.sh.
#define CORNU_EXPORT __attribute__((visibility("default")))
