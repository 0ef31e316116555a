#include <cornu/cornu.h>
#include <dnnl.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.compare(0, 10, "model name") == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

std::string instruction_set() {
  const auto isa = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
  const auto has = [&](dnnl_cpu_isa_t one) { return (isa & static_cast<unsigned>(one)) == static_cast<unsigned>(one); };
  std::string text = has(dnnl_cpu_isa_avx512_core) ? "AVX-512" : has(dnnl_cpu_isa_avx2) ? "AVX2" : "SSE 4.1";
  if (has(dnnl_cpu_isa_avx512_core_vnni)) text += ", VNNI";
  if (has(dnnl_cpu_isa_avx512_core_bf16)) text += ", bfloat16";
  if (has(dnnl_cpu_isa_avx512_core_amx)) text += ", AMX";
  return text;
}

bool in_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::string rest = path ? path : "";
  for (std::size_t begin = 0; begin <= rest.size();) {
    const std::size_t end = std::min(rest.find(':', begin), rest.size());
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::path(rest.substr(begin, end - begin)) / program, ignored)) return true;
    begin = end + 1;
  }
  return false;
}

int doctor(const po::variables_map&) {
  const auto say = [](const char* what, const std::string& value) {
    std::cout << what << std::string(22 - std::string_view(what).size(), ' ') << value << '\n';
  };
  const dnnl_version_t* version = dnnl_version();
  say("cornu", CORNU_VERSION);
  say("oneDNN", graph::message(version->major, '.', version->minor, '.', version->patch));
  say("processor", processor());
  say("instructions", instruction_set());
  say("processors", std::to_string(std::thread::hardware_concurrency()));

  const Function fused([](const Tensor& x) { return ops::tanh(x * 2 + 1); });
  const bool code = fused.describe({{float32, {4096}}}).find("jit") != std::string::npos;
  say("machine code", code ? "loops are compiled" : "not allowed here: loops run as tiles, some times slower");
  const Function product([](const Tensor& a, const Tensor& b) { return ops::matmul(a, b); });
  const Array square = random::Generator(1).uniform({512, 512});
  say("products", short_number(product.profile({square, square}, 10).entries().front().gflops()) + " GFLOP/s");

  models::Sequential model({layers::Dense(8, {.activation = "relu", .input_shape = {4}}), layers::Dense(1)});
  model.compile({.optimizer = "adam", .loss = "mse"});
  const Array x = random::Generator(2).uniform({64, 4});
  const auto losses = model.fit(x, sum(x, 1).reshape({-1, 1}), {.epochs = 20, .verbose = 0})["loss"];
  const bool learns = losses.back() < losses.front();
  say("training", learns ? "works" : "does not lower the loss of a small network");
  const auto file =
      std::filesystem::temp_directory_path() /
      ("cornu_doctor_" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + ".h5");
  model.save(file.string());
  const bool same = array_equal(models::load_model(file.string()).predict(x), model.predict(x));
  std::filesystem::remove(file);
  say("files", same ? "a model comes back as it was" : "a loaded model predicts otherwise");

  say("Graphviz", in_path("dot") ? "there: cornu plot works" : "not there: cornu plot needs its program dot");
  for (const char* name : {"OMP_NUM_THREADS", "CORNU_DISABLE_PASSES", "KERAS_HOME", "DNNL_MAX_CPU_ISA"})
    if (const char* value = std::getenv(name)) say(name, value);
  return learns && same ? 0 : 1;
}

const Registered registered_doctor({
    .name = "doctor",
    .arguments = "",
    .does = "what this build and this machine can do",
    .run = doctor,
});

}  // namespace
}  // namespace cornu::command_line
