//! What is fused into one kernel, and what is not.

/// The graph of a network on images behind fusion, one line a value.
fn graph(body: &str) -> Vec<String> {
    let text = format!("struct Net(image: [12, 12, 3]) -> [4] {{ {body} -> Flatten -> Dense(4) }}");
    let description = nn_compiler::describe(text.parse().expect("tokens")).expect("a valid network");
    description.lines().take_while(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The kernel that makes the last image: what stands between its name and its inputs.
fn last_kernel(body: &str) -> String {
    let graph = graph(body);
    let line = graph.iter().rev().find(|line| line.contains("Pool2d")).expect("a pool");
    let work = line.split(" = ").skip(1).collect::<Vec<_>>().join(" = ");
    let work = work.split(" <- ").next().expect("what is computed").to_owned();
    let name = work.split('(').next().unwrap_or_default();
    let fused = work.rsplit_once(')').map_or("", |(_, fused)| fused);
    format!("{name}{fused}")
}

#[test]
fn a_pool_becomes_part_of_its_convolution() {
    for (body, kernel) in [
        ("image -> Conv2d(4, kernel = 3) -> MaxPool2d(2)", "Conv2d + MaxPool2d"),
        ("image -> Conv2d(4, kernel = 3) -> Relu -> MaxPool2d(2)", "Conv2d + Relu + MaxPool2d"),
        (
            "image -> Conv2d(4, kernel = 3) -> MaxPool2d([3, 2], stride = [3, 2]) -> Reciprocal",
            "Conv2d + Reciprocal + MaxPool2d",
        ),
        ("image -> Conv2d(4, kernel = 3) -> LeakyRelu -> MaxPool2d(10)", "Conv2d + LeakyRelu + MaxPool2d"),
    ] {
        assert_eq!(last_kernel(body), kernel, "{body}");
    }
}

#[test]
fn what_would_change_results_or_is_read_elsewhere_stays_apart() {
    for body in [
        // Windows that overlap, or reach over the border.
        "image -> Conv2d(4, kernel = 3) -> Relu -> MaxPool2d(3, stride = 2)",
        "image -> Conv2d(4, kernel = 3) -> Relu -> MaxPool2d(3, padding = same)",
        // Functions that do not change places with a maximum.
        "image -> Conv2d(4, kernel = 3) -> Gelu -> MaxPool2d(2)",
        "image -> Conv2d(4, kernel = 3) -> Reciprocal -> MaxPool2d(2)",
        "image -> Conv2d(4, kernel = 3) -> Sqrt -> MaxPool2d(2)",
        "image -> Conv2d(4, kernel = 3) -> Square -> MaxPool2d(2)",
        // Other layers in between.
        "image -> Conv2d(4, kernel = 3) -> BatchNorm -> Relu -> MaxPool2d(2)",
        "image -> Conv2d(4, kernel = 3) -> Dropout(0.5) -> MaxPool2d(2)",
        "image -> MaxPool2d(2)",
        "let a = image -> Conv2d(4, kernel = 3) -> Relu; ((a -> AvgPool2d(2)) + (a -> MaxPool2d(2)))",
        "let a = image -> Conv2d(4, kernel = 3); ((a -> Tanh -> AvgPool2d(2)) + (a -> MaxPool2d(2)))",
    ] {
        assert_eq!(last_kernel(body), "MaxPool2d", "{body}");
    }
    let average = "image -> Conv2d(4, kernel = 3) -> Relu -> AvgPool2d(2)";
    assert_eq!(last_kernel(average), "AvgPool2d");
}

#[test]
fn a_convolution_takes_one_pool_and_one_function() {
    let again = "image -> Conv2d(4, kernel = 3) -> MaxPool2d(2) -> MaxPool2d(2)";
    assert_eq!(graph(again).iter().filter(|line| line.contains("MaxPool2d")).count(), 2);
    let function = "image -> Conv2d(4, kernel = 3) -> Relu -> MaxPool2d(2) -> Tanh";
    assert!(graph(function).iter().any(|line| line.contains("= Tanh")));
}
