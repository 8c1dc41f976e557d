//! Observers and the history.

use super::*;

#[test]
fn observers_are_told_everything_and_may_be_several() {
    let (data, test) = (points(10, 22), points(5, 23));
    let (mut one, mut two) = (Listener::default(), Listener::default());
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).batch_size(4).epochs(2).validate_on(&test);
    let training = training.schedule(StepDecay::new(1, 0.5)).observe(&mut one).observe(&mut two).observe(ProgressBar::new());
    let history = training.run().unwrap();
    assert_eq!(one.begun, Some((10, 3, 6)));
    assert_eq!(one.steps, [(1, 1, 0.1), (2, 1, 0.1), (3, 1, 0.1), (4, 2, 0.05), (5, 2, 0.05), (6, 2, 0.05)]);
    assert_eq!(one.ended, Some(Ending::Epochs));
    assert_eq!((two.steps, two.epochs.len()), (one.steps, 2));
    for (told, epoch) in one.epochs.iter().zip(history.epochs()) {
        assert_eq!((told.0, told.1, told.2), (epoch.number, epoch.train.loss, epoch.validation.as_ref().map(|score| score.loss)));
    }
}

#[test]
fn a_history_is_a_table_and_goes_to_files() {
    let (data, test) = (points(10, 24), points(5, 25));
    let mut net = Small::new_boxed(1);
    let training = net.train(&data).loss(MeanSquaredError).optimizer(Sgd::new(0.1)).epochs(3).validate_on(&test);
    let history = training.measure("sign, right", |y, t| f64::from(u8::from((y[0] > 0.0) == (t[0] > 0.0)))).run().unwrap();
    let right = test.inputs().iter().zip(test.targets()).filter(|(x, t)| (net.predict(x)[0] > 0.0) == (t[0] > 0.0)).count();
    let validation = history.final_epoch().validation.as_ref().unwrap();
    assert_eq!(validation.own("sign, right"), Some(right as f64 / 5.0));
    assert_eq!(validation.own("sign"), None);
    assert_eq!(validation.columns().last(), Some(&("sign, right", right as f64 / 5.0)));
    let names = "epoch,step,learning_rate,gradient_norm,seconds,train_loss,train_rmse,train_mae,train_mape,train_r2,\"train_sign, right\",\
                 validation_loss,validation_rmse,validation_mae,validation_mape,validation_r2,\"validation_sign, right\"";
    let csv = history.to_csv();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), (names, 4));
    let cells: Vec<f64> = lines[2].split(',').map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(cells, history.rows()[1], "numbers read back exactly");
    let json: serde_json::Value = serde_json::from_str(&history.to_json()).unwrap();
    assert_eq!(json["network"], "Small");
    assert_eq!(json["epochs"][2]["validation"]["rmse"].as_f64(), Some(history.final_epoch().validation.as_ref().unwrap().rmse()));
    assert_eq!(json["epochs"].as_array().unwrap().len(), 3);
    let table = history.to_string();
    assert_eq!(table.lines().count(), 5, "{table}");
    assert_eq!(table.lines().last(), Some("best: the lowest validation loss; kept: the epoch whose parameters the network has now"));
    assert_eq!(table.lines().filter(|line| line.ends_with("kept")).count(), 1, "{table}");
    assert!(table.lines().next().unwrap().contains("val rmse"), "{table}");
    let lines: Vec<&str> = table
        .lines()
        .take(4)
        .map(|line| line.trim_end_matches("kept").trim_end_matches(", ").trim_end_matches("best").trim_end())
        .collect();
    assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()), "{table}");
}
