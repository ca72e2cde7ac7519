use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::data::preprocess::{Fill, Preprocessing, Scale};
use crate::data::{Classes, Dataset, FileFault, Values};
use crate::shapes::Features;

const HOUSES: &str = "\
rooms;kind;\"price; in $\";sold
3;flat;100.5;1
 4 ;\"row, \"\"old\"\"\";1e2;0

;flat;?;1
5;hut;-3;2
";

fn houses() -> Csv {
    Csv::new().delimiter(b';').numbers(["rooms", "price; in $"]).category(1)
}

fn message(csv: &Csv, text: &str) -> String {
    csv.parse(text.as_bytes()).unwrap_err().to_string().replace("the given content: ", "")
}

#[test]
fn numbers_gaps_and_words_arrive() {
    let table = houses().classes("sold").parse(HOUSES.as_bytes()).unwrap();
    assert_eq!((table.rows(), table.width()), (4, 3));
    assert_eq!(table.words(2), ["flat", "hut", "row, \"old\""]);
    let rows: Vec<&[f32]> = table.features().chunks(3).collect();
    assert_eq!((rows[0], rows[1], rows[3]), (&[3.0, 100.5, 0.0][..], &[4.0, 100.0, 2.0][..], &[5.0, -3.0, 1.0][..]));
    assert!(rows[2][0].is_nan() && rows[2][1].is_nan() && rows[2][2] == 0.0);
    let whole: Dataset<Features<3>, Classes<3>> = table.clone().without_gaps().dataset().unwrap();
    assert_eq!((whole.len(), whole.labels()), (3, &[1, 0, 2][..]));
    assert_eq!(whole.input::<f32>(2).unwrap()[..], [5.0, -3.0, 1.0]);
    let gap = table.dataset::<Features<3>, Classes<3>>().unwrap_err().to_string();
    assert_eq!(gap, "the given content: line 5, column `rooms`: expected a value, found ``");
}

#[test]
fn a_preprocessing_takes_a_table_and_its_targets() {
    let table = houses().classes("sold").parse(HOUSES.as_bytes()).unwrap();
    let plan = Preprocessing::new(table.width()).fill(0, Fill::Mean).scale(0, Scale::MinMax).drop_missing(1).one_hot(2);
    let fitted = plan.fit(table.features()).unwrap();
    let data: Dataset<Features<5>, Classes<3>> = table.preprocessed(&fitted).unwrap();
    assert_eq!(data.labels(), [1, 0, 2]);
    assert_eq!(data.input::<f32>(1).unwrap()[..], [0.5, 100.0, 0.0, 0.0, 1.0]);
    let width = table.preprocessed::<Features<4>, Classes<3>>(&fitted).unwrap_err().to_string();
    assert_eq!(width, "the given content: expected features: 4, found 5");
    let unfilled = Preprocessing::new(3).scale(0, Scale::MinMax).fit(table.features()).unwrap();
    let gap = table.preprocessed::<Features<3>, Classes<3>>(&unfilled).unwrap_err().to_string();
    assert!(gap.contains("line 5, column `rooms`: expected a value, or a step"), "{gap}");
}

#[test]
fn other_tables_are_read_in_the_same_form() {
    let csv = Csv::tsv().without_header().category(0).named_classes(2).numbers([1]);
    let training = csv.parse(&b"b\t1\tyes\na\t2\tno\n"[..]).unwrap();
    assert_eq!(
        (training.features(), training.class_names()),
        (&[1.0, 1.0, 0.0, 2.0][..], &["no".into(), "yes".into()][..])
    );
    let test = training.same_form().parse(&b"b\t3\tno\n"[..]).unwrap();
    assert_eq!(test.features(), [1.0, 3.0]);
    let data: Dataset<Features<2>, Classes<2>> = test.dataset().unwrap();
    assert_eq!(data.labels(), [0]);
    let csv = training.same_form();
    assert_eq!(message(&csv, "c\t3\tno\n"), "line 1, column `0`: expected one of a, b, found `c`");
    assert_eq!(message(&csv, "a\t3\tmaybe\n"), "line 1, column `2`: expected one of no, yes, found `maybe`");
}

#[test]
fn targets_may_be_values() {
    let csv = Csv::new().numbers(["a"]).values(["c", "b"]);
    let data: Dataset<Features<1>, Values<Features<2>>> =
        csv.parse(&b"a,b,c\n1,2,3\n4,5,6\n"[..]).unwrap().dataset().unwrap();
    assert_eq!(data.targets(), [[3.0, 2.0], [6.0, 5.0]]);
    let table = csv.parse(&b"a,b,c\n1,,3\n"[..]).unwrap();
    let gap = table.dataset::<Features<1>, Values<Features<2>>>().unwrap_err().to_string();
    assert_eq!(gap, "the given content: line 2, column `b`: expected a value, found ``");
    let kind = table.dataset::<Features<1>, Classes<2>>().unwrap_err().to_string();
    assert!(kind.contains("expected targets that are classes: `classes`, `named_classes`"), "{kind}");
    let count = table.dataset::<Features<1>, Values<Features<3>>>().unwrap_err().to_string();
    assert_eq!(count, "the given content: expected columns of targets: 3, found 2");
}

#[test]
fn errors_name_line_column_and_value() {
    let csv = houses().classes("sold");
    for (from, to, expected) in [
        ("5;hut", "5;hut;9", "line 6 has 5 cells, the lines before it have 4"),
        ("1e2;0\n", "1e2\n", "line 3 has 3 cells, the lines before it have 4"),
        ("100.5", "10O.5", "line 2, column `price; in $`: expected a number, found `10O.5`"),
        ("100.5", "inf", "line 2, column `price; in $`: expected a finite number, found `inf`"),
        ("100.5", "1e39", "line 2, column `price; in $`: expected a finite number, found `1e39`"),
        ("-3;2", "-3;-1", "line 6, column `sold`: expected a class number, found `-1`"),
        ("-3;2", "-3;", "line 6, column `sold`: expected a class number, found ``"),
        ("rooms;", "room;", "has no column `rooms`; its columns are `room`, `kind`, `price; in $`, `sold`"),
    ] {
        assert!(HOUSES.contains(from));
        assert_eq!(message(&csv, &HOUSES.replacen(from, to, 1)), expected);
    }
    assert_eq!(message(&csv, ""), "has no column `rooms`; its columns are none: the file is empty");
    assert_eq!(message(&Csv::new().numbers([2]), "a,b\n"), "has no column `2`; its columns are `a`, `b`");
    let wrong = csv.parse(HOUSES.as_bytes()).unwrap().without_gaps().dataset::<Features<3>, Classes<2>>().unwrap_err();
    assert_eq!(wrong.to_string(), "the given content: line 6, column `sold`: expected a class in 0..2, found `2`");
    let latin = csv.parse(&HOUSES.replace("100.5", "é").chars().map(|letter| letter as u8).collect::<Vec<u8>>()[..]);
    assert!(latin.unwrap_err().to_string().contains("expected text in UTF-8"));
    let absent = csv.read("no/such/table.csv").unwrap_err().to_string();
    assert_eq!(absent, "no/such/table.csv: there is no such file; check the path");
}

#[test]
fn a_table_without_rows_is_a_data_set_without_samples() {
    let table = houses().classes("sold").parse(&b"rooms;kind;price; in $;sold\n"[..]);
    // An unquoted name with the sign between cells is two cells.
    assert!(matches!(table, Err(DataError::File { fault: FileFault::NoColumn { .. }, .. })));
    let table = Csv::new().numbers(["a"]).classes("b").parse(&b"a,b"[..]).unwrap();
    assert!(table.dataset::<Features<1>, Classes<2>>().unwrap().is_empty());
    assert_eq!(table.without_gaps().rows(), 0);
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let csv = Csv::new().numbers(["a"]);
    for text in ["\n\na\n1\n\nx\n", "\r\n\r\na\r\n1\r\n\r\nx\r\n", "\n\na\n\"1\"\n\nx"] {
        assert_eq!(message(&csv, text), "line 6, column `a`: expected a number, found `x`", "{text:?}");
    }
}

#[test]
fn other_words_may_stand_for_gaps() {
    let table = Csv::new().missing(&["-"]).numbers(["a"]).parse(&b"a\n-\n1\n"[..]).unwrap();
    assert!(table.features()[0].is_nan());
    assert_eq!(
        message(&Csv::new().missing(&["-"]).numbers(["a"]), "a\nNA\n"),
        "line 2, column `a`: expected a number, found `NA`"
    );
    assert_eq!(
        message(&Csv::new().missing(&[]).numbers(["a"]), "a\nNaN\n"),
        "line 2, column `a`: expected a finite number, found `NaN`"
    );
}

#[test]
fn prefixes_and_flipped_bits_never_panic() {
    let csv = houses().classes("sold");
    let read = |bytes: &[u8]| {
        if let Ok(table) = csv.parse(bytes) {
            let _ =
                (table.dataset::<Features<3>, Classes<3>>(), table.without_gaps().dataset::<Features<3>, Classes<3>>());
        }
    };
    let bytes = HOUSES.as_bytes();
    (0..bytes.len()).for_each(|end| read(&bytes[..end]));
    for bit in 0..bytes.len() * 8 {
        let mut flipped = vec![0; bytes.len()];
        flipped.copy_from_slice(bytes);
        flipped[bit / 8] ^= 1 << (bit % 8);
        read(&flipped);
    }
}

#[test]
fn what_is_cut_off_within_quotation_marks_is_an_error() {
    let words = Csv::new().numbers(["a"]).named_classes("y");
    let open = "a,y\n1,u\n3,\"v\n5,u\n7,w\n";
    let found = message(&words, open);
    assert!(found.contains("the quotation mark that opens a cell of line 3 is never closed"), "{found}");
    for fine in
        ["a,y\n1,\"u\"\n", "a,y\n1,\"u\"", "a,y\n1,\"two\nlines\"\n", "a,y\n1,\"a \"\"b\"\" c\"\n", "a,y\n1,five\"\n"]
    {
        assert_eq!(words.parse(fine.as_bytes()).unwrap().rows(), 1, "{fine:?}");
    }
    assert!(words.parse(&b"a,\"y\n"[..]).is_err());
}

#[test]
fn a_column_that_stands_there_twice_is_not_chosen() {
    let found = message(&Csv::new().numbers(["b", "a"]), "a,b,b\n1,2,3\n");
    assert!(found.contains("several columns `b`"), "{found}");
    assert!(Csv::new().numbers(["a"]).parse(&b"a,b,b\n1,2,3\n"[..]).is_ok());
}
