#pragma once

/// Marks classes that users derive from or catch, and public variables: their vtables and type information must be
/// visible outside of the library even when a program is compiled with -fvisibility=hidden. What else of namespace
/// cornu is exported is decided by the linker's version script, cmake/cornu.map.
#define CORNU_EXPORT __attribute__((visibility("default")))
