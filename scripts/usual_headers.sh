# The headers of the standard library that every program has, to compare with: bench/compile_time.sh, scripts/check_header_lines.sh.
usual_headers() { printf '#include <%s>\n' iostream vector string functional map memory; }
