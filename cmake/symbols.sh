# Patterns for mangled names. A symbol is Cornu's if what it names lies in namespace cornu, be it a function, a variable, a vtable,
# type information, a thunk or a guard; it is internal if a namespace on the way to it is.
cornu_symbol='^_Z(TV|TI|TS|TT|TC|T[hvc][0-9n_]+_|GV)?Z*N[VKRO]*5cornu'
internal_symbol="$cornu_symbol"'[a-z0-9_]*(8internal|6onednn|3jit|12_GLOBAL__N_1)'
