#pragma once

/// Before a function: it is compiled for several instruction sets, and the program loader chooses. For loops that are
/// worth vectors wider than those which every processor has; nothing else may be compiled with -march.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__SANITIZE_ADDRESS__)
#define CORNU_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CORNU_CLONES
#endif

/// For what such a function calls, lambdas too: what is not inlined into it is compiled for every x86-64 alone.
#define CORNU_INLINE __attribute__((always_inline))
